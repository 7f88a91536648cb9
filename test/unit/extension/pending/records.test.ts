import { strict as assert } from 'node:assert';
import { baseOf, hunksOf, nowOf, rejected, reviewOf } from '../../../../src/core/edits/review';
import { asMessageId, newAgentId } from '../../../../src/core/protocol/ids';
import type { EditConsent } from '../../../../src/core/sandbox/sandbox';
import { chosenHunks } from '../../../../src/extension/review/pending/chosenHunks';
import {
  isPending,
  parseRecord,
  settledReview,
  type FileRecord,
} from '../../../../src/extension/review/pending/fileRecord';
import { judgmentsOf } from '../../../../src/extension/review/pending/judgmentsOf';
import { landedRecord, untouchedRecord } from '../../../../src/extension/review/pending/landedRecord';
import { reconciled } from '../../../../src/extension/review/pending/reconciled';
import { TextMemory } from '../../../../src/extension/review/pending/textMemory';

const agentId = newAgentId();
const consent = (turn: string): EditConsent => ({ kind: 'pending', agentId, turnId: asMessageId(turn) });
const about = { path: '/w/a.ts', address: 'file:///w/a.ts', display: 'a.ts', since: 1, isSecret: false };
const nothingKnown = (): undefined => undefined;

function change(before: string | undefined, after: string | undefined) {
  return { before, after, about, original: after === undefined ? { base64: 'YQ==' } : undefined };
}

function landed(
  prior: FileRecord | undefined,
  before: string | undefined,
  after: string | undefined,
  turn = 't1',
): FileRecord {
  const record = landedRecord(prior, change(before, after), consent(turn));
  assert.ok(record);
  return record;
}

describe('What is pending of a file', () => {
  it('comes through JSON as it was, and nothing else passes for it', () => {
    const record = landed(undefined, 'a\n', 'b\n');
    const marked: FileRecord = { ...record, landing: { before: untouchedRecord(change('a\n', 'b\n')) } };
    assert.deepEqual(parseRecord(JSON.parse(JSON.stringify(marked))), JSON.parse(JSON.stringify(marked)));
    for (const wrong of [
      null,
      {},
      { ...record, review: { segments: [{ kind: 'other' }], nextId: 1 } },
      { ...record, kind: 'x' },
    ])
      assert.equal(parseRecord(wrong), undefined);
  });

  it('a file that is deleted and made again is a modified one, against what was countersigned', () => {
    const deleted = landed(landed(undefined, 'a\nb\n', 'a\nB\n'), 'a\nB\n', undefined);
    assert.equal(deleted.kind, 'deleted');
    const again = landed(deleted, undefined, 'a\nbb\n', 't2');
    assert.deepEqual([again.kind, baseOf(again.review), nowOf(again.review)], ['modified', 'a\nb\n', 'a\nbb\n']);
  });

  it('ids are never used again, though nothing was pending in between', () => {
    const first = landed(undefined, 'a\n', 'b\n');
    const none = { ...first, review: settledReview('a\n', first.review.nextId) };
    assert.deepEqual(
      hunksOf(landed(none, 'a\n', 'c\n').review).map(({ id }) => id),
      [2],
    );
  });

  it('an edit that was planned on what nobody has told counts that as somebody else’s', () => {
    const record = landed(landed(undefined, 'a\nb\nc\n', 'A\nb\nc\n'), 'A\nb\nc\nmine\n', 'A\nb\nC\nmine\n');
    assert.equal(baseOf(record.review), 'a\nb\nc\nmine\n');
    assert.equal(hunksOf(record.review).length, 2);
  });

  describe('after a crash', () => {
    const marked = (before: FileRecord | null, after: FileRecord): FileRecord => ({ ...after, landing: { before } });

    it('is what stands on disk: the new text, the old one, or one that somebody has written since', () => {
      const old = landed(undefined, 'a\nb\nc\na\nb\n', 'A\nb\nc\na\nb\n');
      // The same lines again: comparing the texts backwards alone would find other places.
      const next = landed(old, 'A\nb\nc\na\nb\n', 'A\nb\nc\na\nb\na\nb\n', 't2');
      assert.deepEqual(reconciled(marked(old, next), nowOf(next.review), false, nothingKnown), next);
      assert.deepEqual(reconciled(marked(old, next), nowOf(old.review), false, nothingKnown), old);
      const other = reconciled(marked(old, next), `x\n${nowOf(next.review)}`, false, nothingKnown);
      assert.equal(other && baseOf(other.review), 'x\na\nb\nc\na\nb\n');
    });

    it('a new file that never came is nothing, a deletion that never happened leaves what was pending', () => {
      const fresh = landed(undefined, undefined, 'x\n');
      assert.equal(reconciled(marked(null, fresh), undefined, false, nothingKnown), undefined);
      const old = landed(undefined, 'a\n', 'b\n');
      const gone = landed(old, 'b\n', undefined);
      assert.deepEqual(reconciled(marked(old, gone), 'b\n', false, nothingKnown), old);
      assert.deepEqual(reconciled(marked(old, gone), undefined, false, nothingKnown), gone);
    });
  });

  it('unsaved text that died with its window: what is on disk is pending as it was saved', () => {
    const record = landed(undefined, 'a\nb\nc\n', 'A\nb\nC\n');
    const inBuffer = { ...record, review: rejected(record.review, [1, 2]) };
    assert.equal(isPending(inBuffer), false);
    assert.equal(
      hunksOf(reconciled(inBuffer, 'A\nb\nC\n', false, nothingKnown)?.review ?? settledReview('')).length,
      2,
    );
  });

  it('a renaming is decided as one, the deleted half first', () => {
    const [from, to] = [
      {
        ...landed(undefined, 'x\n', undefined),
        path: '/w/old',
        pair: { path: '/w/new', display: 'new', isOld: false },
      },
      { ...landed(undefined, undefined, 'x\n'), path: '/w/new', pair: { path: '/w/old', display: 'old', isOld: true } },
    ];
    const third = { ...landed(undefined, 'x\n', 'y\n'), path: '/w/third' };
    const paths = chosenHunks([to, third, from], { kind: 'hunks', path: '/w/new', ids: [1] }).map(
      ({ record }) => record.path,
    );
    assert.deepEqual(paths, ['/w/old', '/w/new']);
  });

  it('each agent hears of its own hunks, and secrets are not told', () => {
    const other = newAgentId();
    const mine = landed(undefined, 'a\nb\nc\n', 'A\nb\nc\n', 't1');
    const both = landedRecord(mine, change('A\nb\nc\n', 'A\nb\nC\n'), {
      kind: 'pending',
      agentId: other,
      turnId: asMessageId('t2'),
    });
    assert.ok(both);
    const told = judgmentsOf({ record: both, ids: [1, 2], isWhole: true }, 'rejected', 'no');
    assert.deepEqual(
      told.map((one) => [one.agentId, one.hunks, /\+a/.test(one.diff), /\+c/.test(one.diff)]),
      [
        [agentId, 1, true, false],
        [other, 1, false, true],
      ],
    );
    const [secret] = judgmentsOf({ record: { ...both, isSecret: true }, ids: [1], isWhole: false }, 'rejected', 'no');
    assert.equal(secret?.diff, '');
  });
});

describe('The memory of texts', () => {
  it('keeps what landed and was decided while the user types on and on', () => {
    const memory = new TextMemory();
    const first = reviewOf('a\n', 'b\n', 't');
    memory.remember(first, 'moment');
    for (let index = 0; index < 200; index++) memory.remember(settledReview(`typed ${index}\n`), 'typed');
    assert.equal(memory.find('b\n'), first);
    assert.equal(memory.find('b\r\n'), first);
    assert.equal(memory.find('typed 1\n'), undefined);
    assert.ok(memory.find('typed 199\n'));
  });

  it('holds few of very long texts', () => {
    const memory = new TextMemory();
    for (let index = 0; index < 10; index++)
      memory.remember(settledReview(`${index}${'x'.repeat(3_000_000)}`), 'moment');
    assert.equal(memory.find(`0${'x'.repeat(3_000_000)}`), undefined);
    assert.ok(memory.find(`9${'x'.repeat(3_000_000)}`));
  });
});
