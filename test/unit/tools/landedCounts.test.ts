import { strict as assert } from 'node:assert';
import type { AppliedChange, EditConsent, FileChange, WorkspacePath } from '../../../src/core/sandbox/sandbox';
import { withLandedCounts } from '../../../src/core/tools/landedCounts';

const change = (display: string, before: string, after: string): FileChange => ({
  ...{ path: `/ws/${display}` as WorkspacePath, display, before, after },
});
const changes = [change('a.txt', 'one\ntwo\n', '1\n2\n'), change('b.txt', 'x\n', 'x\ny\n')];
const approved: EditConsent = { kind: 'approved', permissionId: 'prm-1' };
const landed = (a: string, b = 'x\ny\n'): readonly AppliedChange[] => [
  { display: 'a.txt', after: a },
  { display: 'b.txt', after: b },
];

describe('the counts of what landed', () => {
  it('say for each file how many lines came and went, where something else landed than was proposed', () => {
    assert.deepEqual(withLandedCounts({ ok: true }, approved, changes, landed('1\ntwo\n')), {
      ok: true,
      landed: [
        { path: 'a.txt', additions: 1, deletions: 1 },
        { path: 'b.txt', additions: 1, deletions: 0 },
      ],
    });
  });

  it('say nothing where it landed as it was proposed, and where nobody was asked', () => {
    assert.deepEqual(withLandedCounts({ ok: true }, approved, changes, landed('1\n2\n')), { ok: true });
    assert.deepEqual(withLandedCounts({ ok: true }, { kind: 'unasked' }, changes, landed('1\n')), { ok: true });
  });
});
