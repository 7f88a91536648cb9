import { strict as assert } from 'node:assert';
import { HunkActions, type PendingHunkHandlers } from '../../../src/extension/review/hunkActions';

const names = [
  'acceptHunk',
  'rejectHunk',
  'rejectHunkWithReason',
  'acceptFile',
  'rejectFile',
  'acceptAll',
  'rejectAll',
  'nextHunk',
  'previousHunk',
  'acceptTurn',
  'rejectTurn',
] as const;

describe('the commands for hunks', () => {
  const asked: string[] = [];
  const half = (who: string): PendingHunkHandlers =>
    Object.fromEntries(
      names.map((name) => [
        name,
        async (...args: readonly unknown[]) => void asked.push([who, name, ...args].join(' ')),
      ]),
    ) as unknown as PendingHunkHandlers;
  beforeEach(() => (asked.length = 0));

  const actions = (isInFront: boolean): HunkActions =>
    new HunkActions(
      { ...half('proposal'), inFront: () => isInFront, showAllProposed: () => Promise.resolve() },
      half('pending'),
    );

  it('mean the proposal that is in front, with what was clicked', async () => {
    for (const name of names.slice(0, -2)) await actions(true)[name]('there');
    assert.deepEqual(
      asked,
      names.slice(0, -2).map((name) => `proposal ${name} there`),
    );
  });

  it('mean the pending hunk at the cursor where no proposal is in front, and a turn is always pending', async () => {
    for (const name of names) await actions(false)[name]();
    await actions(true).acceptTurn();
    assert.deepEqual(asked, [...names.map((name) => `pending ${name}`), 'pending acceptTurn']);
  });
});
