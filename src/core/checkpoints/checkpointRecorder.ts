import { isAgentError, ToolError } from '../errors';
import type { MessageId } from '../protocol/ids';
import type { FileChange, SandboxFiles, WorkspacePath } from '../sandbox/sandbox';
import type { SessionReader } from '../store/store';
import { mapTogether } from '../util/mapTogether';
import type { Change } from '../agent/journal';
import type { CheckpointBlobs } from './checkpointBlobs';
import { entriesIn, entryRecord, type CheckpointEntry } from './checkpointEntry';
import { fileNow, isSameState, type FileNow, type FileState } from './fileState';
import { errorText } from '../util/errorText';

/** Keeps what files were before the edits of one turn. */
export interface EditCheckpoints {
  /**
   * Does the edit once what it is going to change is kept. What cannot be kept is not edited: whoever lets an agent work unasked
   * does so because it can be undone, and whoever approves a change counts on it too; an edit that only says afterwards that it
   * cannot be taken back comes too late. Files with secrets are the exception: nothing of them is kept, and each change of one
   * was allowed by a person. @throws ToolError 'failed' when it cannot be kept; what the edit throws.
   */
  around<T>(changes: readonly FileChange[], signal: AbortSignal, edit: () => Promise<T>): Promise<T>;
}

/** Where nothing is kept: a host without a place for it. */
export const noCheckpoints: EditCheckpoints = { around: (_changes, _signal, edit) => edit() };

export interface CheckpointRecorderPorts {
  readonly blobs: CheckpointBlobs;
  readonly files: SandboxFiles;
  readonly reader: Pick<SessionReader, 'readRecords'>;
  readonly record: (change: Change) => Promise<unknown>;
  readonly seq: () => number;
  readonly now: () => number;
}

/** The checkpoints of an agent's turns, one turn after the other. Costs in proportion to the files that an edit touches. */
export class CheckpointRecorder {
  readonly #ports: CheckpointRecorderPorts;
  #turn: { readonly id: MessageId; readonly entries: Map<WorkspacePath, CheckpointEntry> } | undefined;

  constructor(ports: CheckpointRecorderPorts) {
    this.#ports = ports;
  }

  ofTurn(turnId: MessageId): EditCheckpoints {
    return {
      around: async (changes, signal, edit) => {
        const entries = await this.#keep(turnId, changes, signal);
        try {
          return await edit();
        } finally {
          await this.#note(entries, changes);
        }
      },
    };
  }

  async #keep(
    turnId: MessageId,
    changes: readonly FileChange[],
    signal: AbortSignal,
  ): Promise<Map<WorkspacePath, CheckpointEntry>> {
    const { record, seq, now } = this.#ports;
    const entries = await this.#entriesOf(turnId);
    const untouched = changes.filter(({ path }) => !entries.has(path));
    if (untouched.length === 0) return entries;
    const states = await this.#kept(untouched, signal);
    const fresh = untouched.map(({ path, display }, index): CheckpointEntry => {
      const before = states[index] ?? { kind: 'secret' };
      return { path, display, turnId, seq: seq(), before, createdAt: now() };
    });
    const isFirst = entries.size === 0;
    await record({
      records: fresh.map(entryRecord),
      events: isFirst ? [{ channel: 'monitor', type: 'checkpoint', messageId: turnId }] : [],
    });
    for (const entry of fresh) entries.set(entry.path, entry);
    return entries;
  }

  /** A turn that this agent begins has no entries yet; one that it goes on with after a restart has those of the store. */
  async #entriesOf(turnId: MessageId): Promise<Map<WorkspacePath, CheckpointEntry>> {
    if (this.#turn?.id === turnId) return this.#turn.entries;
    const stored = this.#turn ? [] : entriesIn(await this.#ports.reader.readRecords('checkpoint'));
    const own = stored.filter((entry) => entry.turnId === turnId);
    const entries = new Map(own.map((entry) => [entry.path, entry]));
    this.#turn = { id: turnId, entries };
    return entries;
  }

  /** What these files hold, kept; in their order. All at once: the disk is waited for together. */
  async #kept(changes: readonly FileChange[], signal: AbortSignal): Promise<readonly FileState[]> {
    const found = await mapTogether(changes, filesAtOnce, (change) => this.#found(change, signal));
    try {
      await this.#ports.blobs.putAll(found.flatMap(({ bytes }) => bytes ?? []));
    } catch (cause) {
      throw unkept(changes, cause, signal);
    }
    return found.map(({ state }) => state);
  }

  async #found(change: FileChange, signal: AbortSignal): Promise<Pick<FileNow, 'state' | 'bytes'>> {
    if (change.guarded?.kind === 'secret') return { state: { kind: 'secret' }, bytes: undefined };
    try {
      return await fileNow(this.#ports.files, change.path, signal);
    } catch (cause) {
      throw unkept([change], cause, signal);
    }
  }

  /** Notes what stands there after the edit, however it went. What cannot be read now counts as unknown. */
  async #note(entries: Map<WorkspacePath, CheckpointEntry>, changes: readonly FileChange[]): Promise<void> {
    const looked = await mapTogether(changes, filesAtOnce, async ({ path }) => {
      const entry = entries.get(path);
      const after = entry && (await this.#stateNow(path));
      return !entry || !after || (entry.after && isSameState(entry.after, after)) ? [] : [{ ...entry, after }];
    });
    const changed = looked.flat();
    for (const entry of changed) entries.set(entry.path, entry);
    if (changed.length > 0) await this.#ports.record({ events: [], records: changed.map(entryRecord) });
  }

  async #stateNow(path: WorkspacePath): Promise<FileState | undefined> {
    try {
      return (await fileNow(this.#ports.files, path, new AbortController().signal)).state;
    } catch (error) {
      if (isAgentError(error)) return undefined;
      throw error;
    }
  }
}

const filesAtOnce = 8;
const namedFiles = 5;

function unkept(changes: readonly FileChange[], cause: unknown, signal: AbortSignal): ToolError {
  signal.throwIfAborted();
  const names = changes.slice(0, namedFiles).map(({ display }) => JSON.stringify(display));
  const more = changes.length > namedFiles ? ` and ${changes.length - namedFiles} more` : '';
  const why = errorText(cause);
  const advice = isAgentError(cause) && cause.advice !== '' ? ` ${cause.advice}` : '';
  const one = changes.length === 1;
  return new ToolError(
    'failed',
    `${names.join(', ')}${more} ${one ? 'was' : 'were'} not changed: what ${one ? 'it holds' : 'they hold'} now could not be kept, so the change could not be undone. ${why}`,
    { advice: `Tell the user.${advice}`, cause },
  );
}
