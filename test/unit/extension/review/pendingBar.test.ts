import { strict as assert } from 'node:assert';
import type { Uri } from 'vscode';
import { reviewOf } from '../../../../src/core/edits/review';
import type { Decided, PendingFile } from '../../../../src/extension/review/pendingReviews';
import { pendingView } from '../../../../src/extension/review/pendingView';
import { ReviewOps } from '../../../../src/extension/review/reviewOps';

const uriOf = (path: string) => ({ path }) as unknown as Uri;
const file = (display: string, base: string, now: string, more: Partial<PendingFile> = {}): PendingFile => ({
  ...{ uri: uriOf(display), display, kind: 'modified', state: 'here', review: reviewOf(base, now, 'msg-1') },
  ...more,
});
const lines = 'a\nb\nc\nd\ne\nf\n';
const files = [
  file('src/a.ts', lines, 'a\nB\nc\nd\ne\nf\ng\n'),
  file('src/new.ts', '', 'one\ntwo\n', { kind: 'created', movedFrom: 'src/old.ts' }),
  file('src/empty.ts', '', '', { kind: 'created', state: 'gone' }),
];

describe('the bar of what waits to be reviewed', () => {
  it('counts the changes and lines of each file, and names what became of it', () => {
    assert.deepEqual(pendingView({ files }), [
      { path: 'src/a.ts', kind: 'modified', hunks: 2, additions: 2, deletions: 1 },
      { path: 'src/new.ts', kind: 'created', hunks: 1, additions: 2, deletions: 0, movedFrom: 'src/old.ts' },
      { path: 'src/empty.ts', kind: 'created', hunks: 1, additions: 0, deletions: 0, gone: true },
    ]);
  });

  const opened = () => {
    const done: unknown[] = [];
    const ops = new ReviewOps({
      reviews: {
        files,
        accept: async (decided: Decided) => void done.push(['accept', decided]),
        reject: async (decided: Decided, reason: string) => void done.push(['reject', decided, reason]),
      },
      show: async ({ display }, line) => void done.push(['show', display, line]),
    });
    return { ops, done };
  };

  it('decides one file or all of them', async () => {
    const { ops, done } = opened();
    await ops.decide('accept', 'src/new.ts');
    await ops.decide('reject', undefined);
    assert.deepEqual(done, [
      ['accept', { kind: 'file', uri: uriOf('src/new.ts') }],
      ['reject', { kind: 'all' }, ''],
    ]);
  });

  it('opens a file at its first change, and the one that waits longest where none is named', async () => {
    const { ops, done } = opened();
    await ops.show('src/new.ts');
    await ops.show(undefined);
    assert.deepEqual(done, [
      ['show', 'src/new.ts', 0],
      ['show', 'src/a.ts', 1],
    ]);
  });

  it('says so where a file does not wait any more', async () => {
    const { ops, done } = opened();
    await assert.rejects(ops.decide('reject', 'src/A.ts'), /Nothing waits to be reviewed in "src\/A\.ts" any more/);
    assert.deepEqual(done, []);
  });
});
