import type { Page } from 'playwright-core';
import type { HostMessage, Op } from '../../src/core/protocol/ops';
import type { AppView, ReadOnlyReason } from '../../src/core/protocol/view';
import { testOutput } from './fixtures';
import { manyRows, search, someRows } from './sessionRows';
import { agentId, type SessionScript } from './sessionScript';
import { begun, editDone, snapshot } from './states';

/** A state that more than one message makes: how the host answers searches, and what a person has done. */
export interface SessionState {
  readonly message: () => HostMessage;
  readonly search?: ReturnType<typeof search>;
  /** What the host posts upon an op. */
  readonly answer?: (op: Op) => HostMessage | undefined;
  readonly prepare?: (page: Page) => Promise<void>;
  /** Pixels; default 720. */
  readonly height?: number;
}

const storage = { sessions: 42, sizeBytes: 12_400_000 };
const listed: Partial<AppView> = {
  storage,
  sessions: [
    { sessionId: agentId('agt-first'), title: 'Discounts are charged', state: 'WORKING', openApprovals: 0 },
    { sessionId: agentId('agt-second'), title: 'Update the dependencies', state: 'PAUSED', openApprovals: 1 },
  ],
};
const working = () => begun().streaming('I am reading the tests');

const readOnly = (reason: ReadOnlyReason) => () => snapshot(editDone().view, { readOnly: reason });
const heldSince = new Date().setHours(9, 42, 0, 0);

export const openList = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /^Sessions/ }).click();
  await page.locator('.session-row').first().waitFor();
};

function cutOff(): SessionScript {
  const script = begun().answer('I run the tests first.');
  const call = script.call('bash_run', { cmd: 'npm test' });
  script.running(call, testOutput);
  const error = 'Countersign ended while this ran. It may have had an effect.';
  const sealed = {
    ...{ ...call, state: 'SEALED' as const, isError: true },
    result: { ok: false as const, error, errorType: 'aborted' as const, retryable: false },
  };
  script.event({ channel: 'progress', type: 'tool:error', call: sealed, error });
  script.event({ channel: 'monitor', type: 'agent_resumed', strategy: 'crash', sealed: [sealed], cutOff: true });
  script.event({ channel: 'monitor', type: 'state_changed', state: 'READY' });
  return script.queued('And update the changelog.');
}

/** Each state of sessions that must look right, by the name of its screenshot. */
export const sessionStates: Readonly<Record<string, SessionState>> = {
  sessionList: { message: () => snapshot(working().view, listed), search: search(someRows), prepare: openList },
  sessionSearch: {
    message: () => snapshot(working().view, listed),
    search: search(someRows),
    async prepare(page) {
      await openList(page);
      await page.getByRole('switch').check();
      await page.getByRole('searchbox').fill('parser');
      await page.locator('mark').first().waitFor();
    },
  },
  sessionRename: {
    message: () => snapshot(working().view, { ...listed, storage: { sessions: 2000, sizeBytes: 1_400_000_000 } }),
    search: search(manyRows(200), 2000),
    async prepare(page) {
      await openList(page);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.getByRole('button', { name: /^Rename Question 2:/ }).click();
    },
  },
  deletedSession: {
    message: () =>
      snapshot(editDone().view, {
        deleted: { sessionId: agentId('agt-build'), title: 'Explain the build' },
        storageProblem: {
          message: 'Sessions cannot be kept on this machine: the folder for them is read-only.',
          advice: 'They live in memory until the window closes.',
        },
      }),
  },
  heldAlive: { message: readOnly({ kind: 'held', state: 'alive', who: 'process 4711 on laptop', since: heldSince }) },
  heldUnknown: {
    message: readOnly({ kind: 'held', state: 'unknown', who: 'process 87 on devcontainer-5f2a', since: heldSince }),
    prepare: (page) => page.getByRole('button', { name: 'Continue here' }).click(),
  },
  otherFolder: { message: readOnly({ kind: 'otherFolder', folder: 'shop-docs' }) },
  damaged: {
    message: readOnly({
      kind: 'damaged',
      message: 'The file of this session is damaged: 3 of its 214 messages cannot be read.',
      advice: 'What could be read is shown. Recovering makes a new session of it.',
    }),
  },
  cutOff: { message: () => snapshot(cutOff().view) },
  goBack: {
    message: () => snapshot(editDone().view),
    async prepare(page) {
      await page.getByRole('button', { name: 'Go back to here' }).focus();
      await page.keyboard.press('Enter');
    },
  },
};
