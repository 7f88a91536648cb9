import type { AgentCore } from '../agent/agentCore';
import { placeOf, seqBefore } from '../agent/fork';
import type { RestorePreview, RestoreWish } from '../protocol/checkpoints';
import type { MessageId } from '../protocol/ids';
import type { SessionRecord } from '../store/store';
import type { CheckpointBlobs } from './checkpointBlobs';
import { entriesIn, targetsOf, type FileTarget } from './checkpointEntry';
import { CheckpointError } from './checkpointError';
import { endOfFiles, endWithMessages, endWithRewind, type RestoreResult } from './endRestore';
import { checkSeen, nothing, nothingToRestore, toldOfRestore, toldOfUndo } from './restoreTexts';
import { restoreFiles } from './restoreFiles';
import { planRestore, tokenOf, type PlannedFile } from './restorePlan';
import { restoreRecord, restoresIn, undoable, type RestoreRecord } from './restoreRecord';
import { messagesIn } from './rewoundMessages';
import { whileIdle } from './whileIdle';

/**
 * Brings files and the conversation of a session back to before a message, and takes that back. Only what edits have done to
 * files is known; what commands do to them is not.
 */
export class Checkpoints {
  readonly #core: AgentCore;

  constructor(core: AgentCore) {
    this.#core = core;
  }

  /** What `restore` would do to files. Changes nothing. @throws ConfigError 'invalid_value' for a message that is not in the conversation. */
  async previewRestore(messageId: MessageId): Promise<RestorePreview> {
    this.#core.checkOpen();
    const planned = await this.#planSince(messageId, new AbortController().signal);
    const files = planned.map(({ display, change, foreign, missing }) => ({
      ...{ display, change, foreign },
      ...(missing && { missing }),
    }));
    return { messageId, files, token: tokenOf(planned) };
  }

  /**
   * Brings back what was there before this message of the user. Files go back all or none, but for those that are missing. What
   * was replaced is kept for `undoRestore`. `token`: of the preview that somebody has seen; without one, files that somebody else
   * has changed are not touched, and neither is anything else. While it runs, messages wait in line; Stop ends it as long as no
   * file was touched.
   * @throws AgentBusyError while a turn runs; ConfigError 'invalid_value'; CheckpointError; what `FileEdits.restore` throws.
   */
  async restore(messageId: MessageId, wish: RestoreWish & { readonly token?: string }): Promise<RestoreResult> {
    return whileIdle(this.#core, async (signal) => {
      const place = placeOf(await this.#core.log.readMessages(), messageId);
      const planned = wish.files ? await this.#planSince(messageId, signal) : [];
      checkSeen(planned, wish.token);
      const files = planned.filter(({ missing }) => !missing);
      if (files.length === 0 && !wish.conversation) throw nothingToRestore(planned);
      const kept = wish.conversation ? { keptMessages: place } : {};
      const { now } = this.#core;
      const restore: RestoreRecord = {
        ...{ id: `rst-${crypto.randomUUID()}`, messageId, state: 'done', createdAt: now() },
        ...kept,
      };
      const records = await this.#restoreFiles(restore, files, signal);
      const result = { files: files.length, conversation: wish.conversation };
      await (wish.conversation
        ? endWithRewind(this.#core, restore, place, { result, records })
        : endOfFiles(this.#core, restore, { result, records }, toldOfRestore(files), displaysOf(files)));
      return result;
    });
  }

  /** The restore that `undoRestore` would take back. */
  async lastRestore(): Promise<RestoreRecord | undefined> {
    return undoable(restoresIn(await this.#core.log.readRecords('restore')));
  }

  /**
   * Brings everything back that the last restore has replaced, a cut-off one too. The conversation comes back as long as nothing
   * was said since; after that it stays. Files that have changed since the restore are overwritten only with `overwrite`.
   * @throws AgentBusyError; CheckpointError 'nothing' | 'changed' | 'missing' | 'unkept'; what `FileEdits.restore` throws.
   */
  async undoRestore({ overwrite = false }: { readonly overwrite?: boolean } = {}): Promise<RestoreResult> {
    return whileIdle(this.#core, async (signal) => {
      const { log, now, state } = this.#core;
      const last = await this.lastRestore();
      if (!last) throw nothing('There is no restore that could be undone.');
      const planned = await this.#planUndo(last, signal);
      if (!overwrite) checkSeen(planned, undefined);
      const files = planned.filter(({ missing }) => !missing);
      const removed = messagesIn(await log.readRecords('rewound'), last.id);
      const comesBack = removed.length > 0 && last.keptMessages === state.conversation.count;
      if (files.length === 0 && planned.length > 0 && !comesBack) throw nothingToRestore(planned);
      const undo: RestoreRecord = {
        ...{ id: `rst-${crypto.randomUUID()}`, messageId: last.messageId, state: 'done', createdAt: now() },
        undoes: last.id,
      };
      const records = await this.#restoreFiles(undo, files, signal);
      const result = { files: files.length, conversation: comesBack };
      const undone = [...records, restoreRecord({ ...last, state: 'undone' })];
      const done = { result, records: undone };
      await (comesBack
        ? endWithMessages(this.#core, undo, removed, done)
        : endOfFiles(this.#core, undo, done, toldOfUndo(files), displaysOf(files)));
      return result;
    });
  }

  async #restoreFiles(
    restore: RestoreRecord,
    files: readonly PlannedFile[],
    signal: AbortSignal,
  ): Promise<readonly SessionRecord[]> {
    if (files.length === 0) return [];
    const { setup, journal, now } = this.#core;
    const ports = {
      ...{ sandbox: setup.sandbox, blobs: this.#blobs(), now, seq: () => journal.seq },
      record: (change: Parameters<typeof journal.record>[0]) => journal.record(change),
    };
    return restoreFiles(restore, files, ports, signal);
  }

  async #planSince(messageId: MessageId, signal: AbortSignal): Promise<readonly PlannedFile[]> {
    const { log } = this.#core;
    placeOf(await log.readMessages(), messageId);
    const entries = entriesIn(await log.readRecords('checkpoint'));
    if (entries.length === 0) return [];
    const begin = await seqBefore(log, messageId);
    const since = entries.filter(({ seq }) => seq > begin);
    return this.#plan(targetsOf(since, await this.#cutOff()), signal);
  }

  /** Files as the restore found them. What a turn has done to them since is not the restore's to undo unseen. */
  async #planUndo({ id }: RestoreRecord, signal: AbortSignal): Promise<readonly PlannedFile[]> {
    const { log } = this.#core;
    const restores = new Set(restoresIn(await log.readRecords('restore')).map((restore) => restore.id));
    const entries = entriesIn(await log.readRecords('checkpoint'));
    const first = entries.findIndex(({ turnId }) => turnId === id);
    if (first < 0) return [];
    const own = new Set(entries.filter(({ turnId }) => turnId === id).map(({ path }) => path));
    const since = entries.slice(first).filter(({ path }) => own.has(path));
    const worked = new Set(since.filter(({ turnId }) => !restores.has(turnId)).map(({ path }) => path));
    const targets = targetsOf(since, await this.#cutOff());
    return this.#plan(
      targets.map((target) => ({ ...target, isMixed: target.isMixed || worked.has(target.path) })),
      signal,
    );
  }

  #plan(targets: readonly FileTarget[], signal: AbortSignal): Promise<readonly PlannedFile[]> {
    return planRestore(targets, { files: this.#core.setup.sandbox.files, blobs: this.#blobs() }, signal);
  }

  /** A restore whose end was never written did not come to it: no other one can run now. */
  async #cutOff(): Promise<(id: string) => boolean> {
    const restores = restoresIn(await this.#core.log.readRecords('restore'));
    const open = new Set(restores.filter(({ state }) => state === 'started').map(({ id }) => id));
    return (id) => open.has(id);
  }

  #blobs(): CheckpointBlobs {
    const { blobs } = this.#core.setup;
    if (blobs) return blobs;
    throw new CheckpointError('unavailable', 'This host keeps no checkpoints.', {
      advice: 'Give the agent `checkpoints` with its dependencies.',
    });
  }
}

function displaysOf(files: readonly PlannedFile[]): readonly string[] {
  return files.map(({ display }) => display);
}
