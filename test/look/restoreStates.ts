import type { Page } from 'playwright-core';
import type { RestoreFile } from '../../src/core/protocol/checkpoints';
import { asMessageId } from '../../src/core/protocol/ids';
import type { HostMessage, Op } from '../../src/core/protocol/ops';
import { priceChange, testChange } from './fixtures';
import type { SessionScript } from './sessionScript';
import type { SessionState } from './sessionStates';
import { settled } from './settled';
import { begun, editDone, snapshot } from './states';

export const restorableFiles: readonly RestoreFile[] = [
  { display: 'src/price/parsePrice.ts', change: 'restore', foreign: true },
  { display: 'test/price/parsePrice.negative.test.ts', change: 'delete', foreign: false },
  { display: 'src/cart/oldTotal.ts', change: 'recreate', foreign: false },
  { display: '.env.local', change: 'restore', foreign: false, missing: 'secret' },
  {
    display: 'docs/a very long folder name/prices and discounts.md',
    change: 'restore',
    foreign: false,
    missing: 'pruned',
  },
];

const first = asMessageId('msg-0');

function restorable(script: SessionScript): SessionScript {
  return script.event({ channel: 'monitor', type: 'checkpoint', messageId: first });
}

/** As little conversation as has a file to restore. */
export const short = () => restorable(begun().answer('Done.').done());

/** What the host answers when it is asked what a restore would do. */
export const previewOf =
  (shown: readonly RestoreFile[]) =>
  (op: Op): HostMessage | undefined =>
    op.type === 'checkpoint.preview'
      ? {
          ...{ type: 'checkpointPreview', sessionId: op.sessionId, messageId: op.messageId },
          preview: { messageId: op.messageId, files: shown, token: 'token-1' },
        }
      : undefined;

async function ask(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Restore to here' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('group', { name: 'Go back to before this message' }).waitFor();
  await settled(page);
}

function restored(): SessionScript {
  const script = restorable(editDone());
  const restore = { channel: 'progress', type: 'restore', messageId: first } as const;
  script.event({ ...restore, restoreId: 'rst-1', phase: 'start', files: 2 });
  script.event({
    ...{ ...restore, restoreId: 'rst-1', phase: 'failed' },
    error: {
      ...{ code: 'workspace', message: 'src/price/parsePrice.ts cannot be written: it is read-only.' },
      ...{ retryable: false, advice: 'Make it writable, then restore again.' },
    },
  });
  script.event({ ...restore, restoreId: 'rst-2', phase: 'start', files: 3 });
  return script.event({ ...restore, restoreId: 'rst-2', phase: 'end', files: 3, conversation: false });
}

/** Approved as it was asked, but for what the person had decided in the editor before. */
function decidedInPart(): SessionScript {
  const script = begun().answer('I keep the sign and add a test for it.');
  const call = script.call('fs_multi_edit', { edits: [{ path: priceChange.path }, { path: testChange.path }] });
  script.asks(call, { kind: 'edit', files: [priceChange, testChange], reason: '' });
  script.decided(
    call,
    'allow',
    'test/price/parsePrice.test.ts, lines 4 to 9: Say what (3) means in the name of the test.',
  );
  return script.completed(call, { ok: true }).answer('I name the test anew.').done();
}

/** Going back to a message, and edits that were approved in part, in states that look and behaviour tests open. */
export const restoreStates: Readonly<Record<string, SessionState>> = {
  'restore-asked': {
    message: () => snapshot(restorable(editDone()).view),
    answer: previewOf(restorableFiles),
    prepare: ask,
  },
  'restore-short': { message: () => snapshot(short().view), answer: previewOf(restorableFiles), prepare: ask },
  'restore-nothing': { message: () => snapshot(short().view), answer: previewOf([]), prepare: ask },
  'restore-done': { message: () => snapshot(restored().view), prepare: settled },
  'edit-in-part': { message: () => snapshot(decidedInPart().view), prepare: settled },
};
