import { workspace } from 'vscode';
import { SandboxError, ToolError } from '../core/errors';
import type {
  AppliedChange,
  EditConsent,
  FileChange,
  FileEdits,
  FileRestore,
  SandboxFiles,
} from '../core/sandbox/sandbox';
import { land, takeBack, type Landing } from './landing';
import { planLanding } from './landingPlan';
import { giveModes, planRestore } from './restoreLanding';
import { readBytes, sameBytes } from './fileBytes';
import { fileUri } from './fileUri';
import type { LandingWitness, PlannedLanding } from './review/landingWitness';
import type { Proposals } from './review/proposals';
import { withUsersPart } from './review/usersPart';
import { errorText } from '../core/util/errorText';

/** Changes files as the user would: in the editor, saved, undoable with Ctrl+Z in each file, byte for byte elsewhere. */
export class WorkspaceEdits implements FileEdits {
  readonly #proposals: Proposals;
  readonly #files: Pick<SandboxFiles, 'resolve'>;
  readonly #witness: LandingWitness | undefined;

  /** Without a witness nothing stays pending. */
  constructor(proposals: Proposals, files: Pick<SandboxFiles, 'resolve'>, witness?: LandingWitness) {
    this.#proposals = proposals;
    this.#files = files;
    this.#witness = witness;
  }

  propose(permissionId: string, changes: readonly FileChange[], reason: string): { dispose(): void } {
    return this.#proposals.propose(permissionId, changes, reason);
  }

  /**
   * Takes the proposal as the user left it. An abort is heard until the first file is touched; from then on all land or none.
   * @throws ToolError 'stale' | 'already_exists' | 'unsupported_encoding' | 'not_a_file' | 'failed', SandboxError 'raced'.
   */
  apply(consent: EditConsent, changes: readonly FileChange[], signal: AbortSignal): Promise<readonly AppliedChange[]> {
    return this.#proposals.applications.take(() => this.#apply(consent, changes, signal));
  }

  /** Past the documents, byte for byte: open ones without unsaved text follow, and Ctrl+Z works in them. */
  restore(files: readonly FileRestore[], signal: AbortSignal): Promise<void> {
    return this.#proposals.applications.take(async () => {
      const landings: Landing[] = [];
      for (const file of files) {
        signal.throwIfAborted();
        await this.#checkPath(file, signal);
        landings.push(await planRestore(file, signal));
      }
      signal.throwIfAborted();
      await landAll(landings);
      await giveModes(files);
    });
  }

  async #apply(
    consent: EditConsent,
    changes: readonly FileChange[],
    signal: AbortSignal,
  ): Promise<readonly AppliedChange[]> {
    const wanted = changes.map((change) => ({ ...change, after: this.#finalText(consent, change) }));
    try {
      const planned = await this.#planAll(wanted, signal);
      signal.throwIfAborted();
      await this.#landAll(consent, planned);
      return await Promise.all(
        planned.map(async ({ change: { display, after }, landing }) => ({
          display,
          after: await textNow(landing, after),
          ...(consent.kind === 'approved' && { approved: { text: after } }),
        })),
      );
    } catch (error) {
      throw withUsersPart(error, changes, wanted);
    }
  }

  async #landAll(consent: EditConsent, planned: readonly PlannedLanding[]): Promise<void> {
    const expected = await this.#witness?.expect(consent, planned);
    try {
      await landAll(planned.map(({ landing }) => landing));
    } catch (error) {
      await expected?.failed();
      throw error;
    }
    await expected?.landed();
  }

  async #planAll(changes: readonly FileChange[], signal: AbortSignal): Promise<readonly PlannedLanding[]> {
    const planned: PlannedLanding[] = [];
    for (const change of changes) {
      signal.throwIfAborted();
      planned.push({ change, landing: await this.#planOne(change, signal) });
    }
    return planned;
  }

  async #planOne(change: FileChange, signal: AbortSignal): Promise<Landing> {
    const { path, display, before, after } = change;
    // The user rejected all of it: whatever stands there by now stays.
    if (after === before) return { kind: 'nothing', uri: fileUri(path), display };
    await this.#checkPath(change, signal);
    return planLanding(change, signal);
  }

  /** Time has passed since the plan: a symlink may stand where a folder stood. */
  async #checkPath(change: Pick<FileChange, 'path' | 'display'>, signal: AbortSignal): Promise<void> {
    const resolved = await this.#files.resolve(change.path, signal);
    if (resolved.path === change.path) return;
    throw new SandboxError('raced', `"${change.display}" now leads to "${resolved.path}"; nothing was changed.`, {
      advice: 'Plan the edit again.',
    });
  }

  #finalText(consent: EditConsent, change: FileChange): string | undefined {
    if (consent.kind !== 'approved') return change.after;
    const left = this.#proposals.finalText(consent.permissionId, change.path);
    return left ? left.text : change.after;
  }
}

async function landAll(landings: readonly Landing[]): Promise<void> {
  const done: Landing[] = [];
  for (const landing of landings) {
    try {
      await land(landing);
      done.unshift(landing);
    } catch (error) {
      throw await takeBackAll(done, asToolError(error, landing));
    }
  }
}

/** The error to throw: the first one, with what could not be taken back. */
async function takeBackAll(done: readonly Landing[], failure: ToolError): Promise<ToolError> {
  const stuck: string[] = [];
  for (const landing of done) {
    try {
      await takeBack(landing);
    } catch (error) {
      stuck.push(`"${landing.display}" keeps its edit: ${errorText(error)}`);
    }
  }
  if (stuck.length === 0) return failure;
  return new ToolError('failed', [failure.message, ...stuck].join(' '), {
    advice: 'Only a part of the change has landed. Read these files again before going on.',
    cause: failure,
  });
}

function asToolError(error: unknown, landing: Landing): ToolError {
  if (error instanceof ToolError) return error;
  return new ToolError('failed', `"${landing.display}" could not be changed: ${errorText(error)}`, {
    advice: 'Check that the file and its folder may be written to.',
    cause: error,
  });
}

/** What a save left in the file: the user's formatters may have had their say. */
async function textNow(landing: Landing, after: string | undefined): Promise<string | undefined> {
  if (landing.kind !== 'text') return after;
  const bytes = await readBytes(landing.uri, landing.display);
  if (bytes === undefined || sameBytes(bytes, landing.bytes)) return after;
  const { encoding } = await workspace.openTextDocument(landing.uri);
  return workspace.decode(bytes, { encoding });
}
