import { ToolError } from '../core/errors';
import type { AppliedChange, EditConsent, FileChange, FileEdits, FileRestore } from '../core/sandbox/sandbox';
import type { LocalFiles } from './localFiles';
import type { PathBox } from './pathBox';
import { stageChange, stageRestore, type StagedChange } from './stagedChange';
import { Turns } from '../core/util/turns';

/** Edits on the local disk, for hosts without an editor: a proposal is shown by whoever asks for the decision. */
export class LocalEdits implements FileEdits {
  readonly #box: PathBox;
  readonly #files: LocalFiles;
  /** So that two edits of one file cannot both find it unchanged. */
  readonly #turns = new Turns();

  constructor(box: PathBox, files: LocalFiles) {
    this.#box = box;
    this.#files = files;
  }

  propose(): { dispose(): void } {
    return { dispose: () => undefined };
  }

  async apply(
    _consent: EditConsent,
    changes: readonly FileChange[],
    signal: AbortSignal,
  ): Promise<readonly AppliedChange[]> {
    await this.#turns.take(() =>
      putAll(changes, (change) => stageChange(change, this.#box, this.#files, signal), signal),
    );
    return changes.map(({ display, after }) => ({ display, after }));
  }

  async restore(files: readonly FileRestore[], signal: AbortSignal): Promise<void> {
    await this.#turns.take(() => putAll(files, (file) => stageRestore(file, this.#box, this.#files, signal), signal));
  }
}

/** Everything is written beside the files first; once that has worked, the files are replaced one by one. */
async function putAll<T>(
  wanted: readonly T[],
  stageOne: (one: T) => Promise<StagedChange>,
  signal: AbortSignal,
): Promise<void> {
  const staged: StagedChange[] = [];
  try {
    for (const one of wanted) {
      signal.throwIfAborted();
      staged.push(await stageOne(one));
    }
    signal.throwIfAborted();
    await commitAll(staged);
  } finally {
    for (const change of staged.toReversed()) await change.close();
  }
}

/** @throws the first failure, after what had been replaced was put back. */
async function commitAll(staged: readonly StagedChange[]): Promise<void> {
  const done: StagedChange[] = [];
  try {
    for (const change of staged) {
      await change.commit();
      done.push(change);
    }
  } catch (error) {
    const lost: string[] = [];
    for (const change of done.toReversed()) {
      const [putBack] = await Promise.allSettled([change.rollBack()]);
      if (putBack.status === 'rejected') lost.push(`${change.display} (${String(putBack.reason)})`);
    }
    if (lost.length === 0) throw error;
    throw new ToolError('failed', `The edit failed midway and these files could not be put back: ${lost.join(', ')}.`, {
      advice: 'Look at them before you go on.',
      cause: error,
    });
  }
}
