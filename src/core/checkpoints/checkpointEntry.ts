import type { WorkspacePath } from '../sandbox/sandbox';
import type { SessionRecord } from '../store/store';
import { isSameState, stateFromJson, stateToJson, type FileState } from './fileState';

/** What one turn, or one restore, did to one file. In the order in which they came they tell a file's way through the session. */
export interface CheckpointEntry {
  readonly path: WorkspacePath;
  readonly display: string;
  /** The message that started the turn, or the id of the restore. */
  readonly turnId: string;
  /** The last event before it was taken: later than the message that started its turn. */
  readonly seq: number;
  /** Before the first effect on it. */
  readonly before: FileState;
  /** After the last one; absent while one runs, and for good where a crash came in between. */
  readonly after?: FileState;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export function entryRecord(entry: CheckpointEntry): SessionRecord {
  const { path, display, turnId, seq, before, after, createdAt } = entry;
  const states = { before: stateToJson(before), ...(after && { after: stateToJson(after) }) };
  return {
    ...{ kind: 'checkpoint', id: `${turnId} ${path}`, createdAt },
    body: { path, display, turnId, seq, ...states },
  };
}

/** What is no entry is passed over. */
export function entriesIn(records: readonly SessionRecord[]): readonly CheckpointEntry[] {
  return records.flatMap(({ body, createdAt }) => {
    const { path, display, turnId, seq } = body;
    const before = stateFromJson(body['before']);
    const after = stateFromJson(body['after']);
    if (typeof path !== 'string' || typeof display !== 'string' || typeof turnId !== 'string') return [];
    if (typeof seq !== 'number' || !before) return [];
    // Written by `entryRecord`; whoever uses the path resolves it again.
    const known = { path: path as WorkspacePath, display, turnId, seq };
    return [{ ...known, before, createdAt, ...(after && { after }) }];
  });
}

/** What a file is to become, and what is known of its way from there. */
export interface FileTarget {
  readonly path: WorkspacePath;
  readonly display: string;
  readonly then: FileState;
  /** What it may be found as when nobody else has changed it since the last entry. */
  readonly expected: readonly FileState[];
  /** Somebody else has changed it between two entries: that goes, too. */
  readonly isMixed: boolean;
}

/**
 * Files as they were before the first of these entries. @param isCutOff whether a restore of this id never came to its end: then
 * its files may be found as they were before it, too.
 */
export function targetsOf(
  entries: readonly CheckpointEntry[],
  isCutOff: (turnId: string) => boolean,
): readonly FileTarget[] {
  const targets = new Map<string, FileTarget>();
  for (const { path, display, turnId, before, after } of entries) {
    const known = targets.get(path);
    targets.set(path, {
      ...{ path, display, then: known?.then ?? before },
      expected: [...(after ? [after] : []), ...(isCutOff(turnId) ? [before] : [])],
      isMixed: known !== undefined && (known.isMixed || !isExpected(before, known)),
    });
  }
  return [...targets.values()];
}

export function isExpected(now: FileState, { expected }: Pick<FileTarget, 'expected'>): boolean {
  return expected.some((state) => isSameState(state, now));
}
