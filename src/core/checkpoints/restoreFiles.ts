import type { AgentEvent } from '../protocol/events';
import type { MessageId } from '../protocol/ids';
import type { FileRestore, Sandbox } from '../sandbox/sandbox';
import type { SessionRecord } from '../store/store';
import { infoOf } from '../agent/failureInfo';
import type { Change } from '../agent/journal';
import type { CheckpointBlobs } from './checkpointBlobs';
import { entryRecord, type CheckpointEntry } from './checkpointEntry';
import { mapTogether } from '../util/mapTogether';
import { CheckpointError } from './checkpointError';
import { fileNow, isSameContent, isSameState, type FileState } from './fileState';
import type { PlannedFile } from './restorePlan';
import { restoreRecord, type RestoreRecord } from './restoreRecord';

export interface RestorePorts {
  readonly sandbox: Pick<Sandbox, 'files' | 'edits'>;
  readonly blobs: CheckpointBlobs;
  readonly record: (change: Change) => Promise<unknown>;
  readonly seq: () => number;
  readonly now: () => number;
}

/**
 * Puts files back, all or none. Before the first one is touched it is durable what is going to happen and what stood there, so
 * that it can be undone, and so that after a crash midway it can be told, finished and undone. The caller records the end.
 * @returns the records of what has happened to the files
 * @throws CheckpointError 'changed' | 'missing' | 'unkept' with nothing touched; what `FileEdits.restore` throws, after that was recorded.
 */
export async function restoreFiles(
  restore: RestoreRecord,
  planned: readonly PlannedFile[],
  ports: RestorePorts,
  signal: AbortSignal,
): Promise<readonly SessionRecord[]> {
  const files = await readyToRestore(planned, ports, signal);
  const entries = planned.map(({ path, display, now = { kind: 'absent' }, then }): CheckpointEntry => {
    const { id: turnId, createdAt } = restore;
    return { path, display, turnId, seq: ports.seq(), before: now, after: then, createdAt };
  });
  signal.throwIfAborted();
  await ports.record({
    records: [restoreRecord({ ...restore, state: 'started' }), ...entries.map(entryRecord)],
    events: [working, { ...stepOf(restore), phase: 'start', files: files.length }],
  });
  try {
    await ports.sandbox.edits.restore(files, signal);
  } catch (error) {
    const found = await noted(entries, 'before', ports);
    const partly = found.some(({ after }, index) => after !== undefined && isSameContent(after, entries[index]?.after));
    await ports.record({
      // What is left half done stays as one that was cut off: it can be undone, or done again.
      records: [restoreRecord({ ...restore, state: partly ? 'started' : 'failed' }), ...found.map(entryRecord)],
      events: [{ ...stepOf(restore), phase: 'failed', error: infoOf(error), ...(partly && { partly }) }, resting],
    });
    throw error;
  }
  return (await noted(entries, 'after', ports)).map(entryRecord);
}

/** What all events of a restore say. */
export function stepOf({ id, messageId, undoes }: RestoreRecord): {
  readonly channel: 'progress';
  readonly type: 'restore';
  readonly restoreId: string;
  readonly messageId: MessageId;
  readonly undoes?: string;
} {
  return {
    ...{ channel: 'progress', type: 'restore', restoreId: id, messageId },
    ...(undoes !== undefined && { undoes }),
  };
}

export const resting: AgentEvent = { channel: 'monitor', type: 'state_changed', state: 'READY' };
const working: AgentEvent = { channel: 'monitor', type: 'state_changed', state: 'WORKING' };

const filesAtOnce = 8;

/** Keeps what is there, and finds what is to come. */
async function readyToRestore(
  planned: readonly PlannedFile[],
  { sandbox, blobs }: RestorePorts,
  signal: AbortSignal,
): Promise<readonly FileRestore[]> {
  const found = await mapTogether(planned, filesAtOnce, async (file) => ({
    file,
    before: await unchangedBytes(file, sandbox, signal),
  }));
  try {
    await blobs.putAll(found.flatMap(({ before }) => before ?? []));
  } catch (cause) {
    throw new CheckpointError(
      'unkept',
      'What the files hold now could not be kept, so the restore could not be undone; nothing was restored.',
      { advice: 'Make room on the disk and try again.', cause },
    );
  }
  return mapTogether(found, filesAtOnce, ({ file, before }) => restoreOf(file, before, blobs));
}

/** @throws CheckpointError 'changed' */
async function unchangedBytes(
  { path, display, now }: PlannedFile,
  { files }: RestorePorts['sandbox'],
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const { state, bytes } = await fileNow(files, path, signal);
  if (now && isSameState(state, now)) return bytes;
  throw new CheckpointError('changed', `${JSON.stringify(display)} changed at this moment; nothing was restored.`, {
    advice: 'Look at the list of files again.',
    retryable: true,
  });
}

/** @throws CheckpointError 'missing' */
async function restoreOf(
  { path, display, then }: PlannedFile,
  before: Uint8Array | undefined,
  blobs: CheckpointBlobs,
): Promise<FileRestore> {
  if (then.kind !== 'file') return { path, display, before, after: undefined };
  const after = await blobs.get(then.hash);
  if (!after)
    throw new CheckpointError('missing', `What ${JSON.stringify(display)} held is gone; nothing was restored.`, {
      advice: 'Look at the list of files again: it says what can still be restored.',
    });
  return { path, display, before, after, ...(then.mode !== undefined && { mode: then.mode }) };
}

/**
 * The entries with what really stands in their files now. What is neither what was there nor what was to come is somebody
 * else's doing at this moment: it is not noted as the restore's, which has left the file as it was `otherwise`.
 */
async function noted(
  entries: readonly CheckpointEntry[],
  otherwise: 'before' | 'after',
  { sandbox }: RestorePorts,
): Promise<readonly CheckpointEntry[]> {
  const { signal } = new AbortController();
  const found: CheckpointEntry[] = [];
  for (const entry of entries) {
    const after = await fileNow(sandbox.files, entry.path, signal).then(
      ({ state }): FileState => state,
      () => undefined, // It cannot be looked at: the next preview says so.
    );
    const { after: planned, ...rest } = entry;
    const isOwn = after && (isSameContent(after, entry.before) || isSameContent(after, planned));
    const left = isOwn ? after : entry[otherwise];
    found.push(after && left ? { ...rest, after: left } : rest);
  }
  return found;
}
