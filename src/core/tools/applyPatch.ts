import { parsePatch } from '../edits/patch';
import type { PatchFile } from '../edits/patchFile';
import { patchText } from '../edits/patchText';
import { ToolError } from '../errors';
import type { FileChange, ResolvedPath, WorkspacePath } from '../sandbox/sandbox';
import { objectSchema } from './defineTool';
import { changeOf, editPlan, unchanged } from './editPlan';
import { fileNotFound } from './fileNotFound';
import { textArgument } from './readArguments';
import { keepSecrets } from './keepSecrets';
import type { Tool, ToolContext, ToolPlan } from './tool';
import type { JsonObject } from '../util/json';

export const applyPatch: Tool = {
  name: 'apply_patch',
  description:
    'Applies a patch to one or more files, all of it or nothing: "*** Begin Patch" … "*** End Patch" with "*** Add File:", "*** Update File:" (and "*** Move to:"), "*** Delete File:", or a unified diff. Lines are found by their context, which must stand in one place. For those who know this format; fs_edit does the same for single places.',
  inputSchema: objectSchema({
    patch: { type: 'string', minLength: 1, description: 'The whole patch.' },
  }),
  async plan(args, ctx) {
    const files = new PatchedFiles(ctx);
    return keepSecrets({ name: applyPatch.name, args }, files.seen, () => planOf(files, args));
  },
};

async function planOf(files: PatchedFiles, args: JsonObject): Promise<ToolPlan> {
  for (const file of parsePatch(textArgument(args, 'patch'))) {
    try {
      await files.take(file);
    } catch (error) {
      throw error instanceof ToolError ? inFile(error, file) : error;
    }
  }
  const changes = files.changes();
  if (changes.length === 0) throw unchanged(files.firstDisplay);
  return editPlan(changes, () => ({
    ok: true,
    files: changes.map(({ display, before, after }) => ({
      path: display,
      kind: before === undefined ? 'create' : after === undefined ? 'delete' : 'modify',
    })),
  }));
}

interface PatchedFile {
  readonly resolved: ResolvedPath;
  /** Undefined: there is no such file. */
  readonly before: string | undefined;
  after: string | undefined;
  /** The file that it takes the place of. */
  movedFrom?: WorkspacePath;
  /** What a new file, which is UTF-8 without a mark, would not keep of this one. */
  readonly encoding: string | undefined;
}

/** The files of one patch, by their real paths: a file that is named twice is one file. */
class PatchedFiles {
  readonly #ctx: ToolContext;
  readonly #files = new Map<string, PatchedFile>();
  /** Everything that was looked into, in order. */
  readonly seen: ResolvedPath[] = [];

  constructor(ctx: ToolContext) {
    this.#ctx = ctx;
  }

  get firstDisplay(): string {
    return this.#files.values().next().value?.resolved.display ?? '';
  }

  changes(): readonly FileChange[] {
    return [...this.#files.values()].flatMap(({ resolved, before, after, movedFrom }) => {
      if (before === after) return [];
      const isMove = before === undefined && movedFrom !== undefined && this.#isDeleted(movedFrom);
      return [{ ...changeOf(resolved, before, after), ...(isMove && { movedFrom }) }];
    });
  }

  async take(wanted: PatchFile): Promise<void> {
    const file = await this.#open(wanted.path);
    if (wanted.kind === 'add') {
      if (file.after !== undefined) throw existsAlready(file.resolved.display);
      file.after = wanted.text;
      return;
    }
    if (file.after === undefined) throw fileNotFound(file.resolved.display);
    if (wanted.kind === 'delete') {
      file.after = undefined;
      return;
    }
    const text = patchText(file.after, wanted.hunks);
    if (wanted.moveTo === undefined) {
      file.after = text;
      return;
    }
    const target = await this.#open(wanted.moveTo);
    if (target.after !== undefined) throw existsAlready(target.resolved.display);
    if (file.encoding !== undefined) throw cannotMove(file.resolved.display, file.encoding);
    target.after = text;
    // Through several moves it still is the file of the beginning.
    target.movedFrom = file.before === undefined ? (file.movedFrom ?? file.resolved.path) : file.resolved.path;
    file.after = undefined;
  }

  #isDeleted(path: string): boolean {
    const file = this.#files.get(path);
    return file?.before !== undefined && file.after === undefined;
  }

  async #open(path: string): Promise<PatchedFile> {
    const { sandbox, signal } = this.#ctx;
    const resolved = await sandbox.files.resolve(path, signal);
    this.seen.push(resolved);
    const open = this.#files.get(resolved.path);
    if (open) return open;
    const current = resolved.exists ? await sandbox.files.readText(resolved.path, signal) : undefined;
    const special = current && (current.hasBom || !/^utf-?8$/i.test(current.encoding));
    const file: PatchedFile = {
      resolved,
      before: current?.text,
      after: current?.text,
      encoding: special ? current.encoding : undefined,
    };
    this.#files.set(resolved.path, file);
    return file;
  }
}

function existsAlready(display: string): ToolError {
  return new ToolError('already_exists', `There is a file ${JSON.stringify(display)} already.`, {
    advice: 'Update it, or choose another path.',
  });
}

function cannotMove(display: string, encoding: string): ToolError {
  return new ToolError(
    'unsupported_encoding',
    `${JSON.stringify(display)} is ${encoding} or has a byte order mark: moving it would not keep its bytes.`,
    { advice: 'Move it with a command, then patch it where it is.' },
  );
}

function inFile(error: ToolError, { path }: PatchFile): ToolError {
  return new ToolError(error.code, `${JSON.stringify(path)}: nothing was changed. ${error.message}`, {
    advice: error.advice,
    retryable: error.retryable,
    cause: error,
  });
}
