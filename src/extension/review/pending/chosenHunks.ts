import { assertNever } from '../../../core/util/assertNever';
import { hunksOf, type HunkId } from '../../../core/edits/review';
import type { Decided } from '../pendingReviews';
import type { FileRecord } from './fileRecord';

type DecidedByPath = Decided<{ readonly path: string }>;

export interface Chosen {
  readonly record: FileRecord;
  readonly ids: readonly HunkId[];
  /** All that waits in the file. */
  readonly isWhole: boolean;
}

/** The hunks that are meant, file by file. Both halves of a renaming are decided together, the deleted one first. */
export function chosenHunks(pending: readonly FileRecord[], by: DecidedByPath): readonly Chosen[] {
  const chosen = pending.flatMap((record) => chosenOf(record, by) ?? []);
  const whole = chosen.filter(({ isWhole }) => isWhole).map(({ record }) => record);
  const isHalfOfWhole = (one: FileRecord): boolean =>
    whole.some((other) => one !== other && (one.pair?.path === other.path || other.pair?.path === one.path));
  const halves = pending.filter((one) => !whole.includes(one) && isHalfOfWhole(one));
  const linked = halves.filter(({ kind }) => kind !== 'modified').map(wholeOf);
  const others = chosen.filter(({ record }) => !linked.some((one) => one.record === record));
  const all = [...others, ...linked];
  return [
    ...all.filter(({ record }) => record.kind === 'deleted'),
    ...all.filter(({ record }) => record.kind !== 'deleted'),
  ];
}

function chosenOf(record: FileRecord, by: DecidedByPath): Chosen | undefined {
  switch (by.kind) {
    case 'all':
      return wholeOf(record);
    case 'file':
      return record.path === by.path ? wholeOf(record) : undefined;
    case 'hunks':
      return record.path === by.path ? partOf(record, (id) => by.ids.includes(id)) : undefined;
    case 'turn': {
      const hunks = hunksOf(record.review);
      // An empty file that was made or deleted has no hunk.
      if (hunks.length === 0) return by.turnId in record.authors ? wholeOf(record) : undefined;
      return partOf(record, (id) => hunks.some((hunk) => hunk.id === id && hunk.origin === by.turnId));
    }
    default:
      return assertNever(by);
  }
}

function wholeOf(record: FileRecord): Chosen {
  return { record, ids: hunksOf(record.review).map(({ id }) => id), isWhole: true };
}

function partOf(record: FileRecord, isMeant: (id: HunkId) => boolean): Chosen | undefined {
  const all = hunksOf(record.review).map(({ id }) => id);
  const ids = all.filter(isMeant);
  return ids.length === 0 ? undefined : { record, ids, isWhole: ids.length === all.length };
}
