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
import { messageOf, readBytes, sameBytes } from './fileBytes';
import type { Proposals } from './review/proposals';

/** Changes files as the user would: in the editor, saved, undoable with Ctrl+Z in each file, byte for byte elsewhere. */
export class WorkspaceEdits implements FileEdits {
  readonly #proposals: Proposals;
  readonly #files: Pick<SandboxFiles, 'resolve'>;

  constructor(proposals: Proposals, files: Pick<SandboxFiles, 'resolve'>) {
    this.#proposals = proposals;
    this.#files = files;
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
    const landings: { readonly landing: Landing; readonly after: string | undefined }[] = [];
    for (const change of changes) {
      signal.throwIfAborted();
      await this.#checkPath(change, signal);
      const after = this.#finalText(consent, change);
      landings.push({ landing: await planLanding({ ...change, after }, signal), after });
    }
    signal.throwIfAborted();
    await landAll(landings.map(({ landing }) => landing));
    return Promise.all(
      landings.map(async ({ landing, after }) => ({
        display: landing.display,
        after: await textNow(landing, after),
      })),
    );
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
    if (consent.kind !== 'approved' || change.after === undefined) return change.after;
    return this.#proposals.finalText(consent.permissionId, change.path) ?? change.after;
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
      stuck.push(`"${landing.display}" keeps its edit: ${messageOf(error)}`);
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
  return new ToolError('failed', `"${landing.display}" could not be changed: ${messageOf(error)}`, {
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
