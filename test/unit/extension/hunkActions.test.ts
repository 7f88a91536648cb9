import { strict as assert } from 'node:assert';
import {
  HunkActions,
  type HunkHandlers,
  type PendingHunkHandlers,
  type ProposalHunkHandlers,
} from '../../../src/extension/review/hunkActions';

const shared = [
  'acceptHunk',
  'rejectHunk',
  'rejectHunkWithReason',
  'acceptFile',
  'rejectFile',
  'acceptAll',
  'rejectAll',
  'nextHunk',
  'previousHunk',
] as const satisfies readonly (keyof HunkHandlers)[];

describe('the commands for hunks', () => {
  const asked: string[] = [];
  beforeEach(() => (asked.length = 0));

  const note =
    (who: string) =>
    async (...args: readonly unknown[]) =>
      void asked.push([who, ...args].join(' '));
  const handlers = (who: string): HunkHandlers => ({
    acceptHunk: note(`${who} acceptHunk`),
    rejectHunk: note(`${who} rejectHunk`),
    rejectHunkWithReason: note(`${who} rejectHunkWithReason`),
    acceptFile: note(`${who} acceptFile`),
    rejectFile: note(`${who} rejectFile`),
    acceptAll: note(`${who} acceptAll`),
    rejectAll: note(`${who} rejectAll`),
    nextHunk: note(`${who} nextHunk`),
    previousHunk: note(`${who} previousHunk`),
  });
  const actions = (isInFront: boolean): HunkActions => {
    const proposals: ProposalHunkHandlers = {
      ...handlers('proposal'),
      inFront: () => isInFront,
      showAllProposed: note('proposal showAllProposed'),
    };
    const pending: PendingHunkHandlers = {
      ...handlers('pending'),
      acceptTurn: note('pending acceptTurn'),
      rejectTurn: note('pending rejectTurn'),
      commentHunk: note('pending commentHunk'),
      openPendingChanges: note('pending openPendingChanges'),
      showAllPending: note('pending showAllPending'),
      isMeant: (clicked) => clicked === 'pending file',
    };
    return new HunkActions(proposals, pending);
  };

  it('mean the proposal that is in front, with what was clicked', async () => {
    for (const name of shared) await actions(true)[name]('there');
    assert.deepEqual(
      asked,
      shared.map((name) => `proposal ${name} there`),
    );
  });

  it('mean the pending hunk at the cursor where no proposal is in front', async () => {
    for (const name of shared) await actions(false)[name]();
    assert.deepEqual(
      asked,
      shared.map((name) => `pending ${name}`),
    );
  });

  it('mean the pending hunk that was clicked, whatever is in front; a turn is always a pending one', async () => {
    await actions(true).rejectHunk('pending file');
    await actions(true).acceptTurn();
    assert.deepEqual(asked, ['pending rejectHunk pending file', 'pending acceptTurn']);
  });
});
