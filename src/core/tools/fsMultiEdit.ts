import { replaceInText } from '../edits/textEdit';
import { ToolError } from '../errors';
import type { FileChange, ResolvedPath } from '../sandbox/sandbox';
import type { JsonObject } from '../util/json';
import { objectSchema } from './defineTool';
import { type CurrentFile, changeOf, currentFile, editPlan, unchanged } from './editPlan';
import { fileNotFound } from './fileNotFound';
import { flagArgument, objectsArgument, textArgument } from './readArguments';
import { keepSecrets } from './keepSecrets';
import type { Tool, ToolContext, ToolPlan } from './tool';

export const fsMultiEdit: Tool = {
  name: 'fs_multi_edit',
  description:
    'Several replacements in one or more files, applied in order as one change: all of them or none. Each `find` must stand in exactly one place (unless replace_all) at its turn, after the edits before it. At most 100 edits.',
  inputSchema: objectSchema({
    edits: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      description: 'The replacements, in order.',
      items: {
        type: 'object',
        properties: {
          path: { type: 'string', minLength: 1, description: 'The file, relative to the workspace folder.' },
          find: { type: 'string', minLength: 1, description: 'The text to replace, exactly as it is in the file.' },
          replace: { type: 'string', description: 'What stands there instead; empty to delete.' },
          replace_all: { type: 'boolean', required: false, description: 'Replace every place. Default false.' },
        },
      },
    },
  }),
  async plan(args, ctx) {
    const seen: ResolvedPath[] = [];
    return keepSecrets({ name: fsMultiEdit.name, args }, seen, () => planOf(args, ctx, seen));
  },
};

async function planOf(args: JsonObject, ctx: ToolContext, seen: ResolvedPath[]): Promise<ToolPlan> {
  const { files, results } = await applyInOrder(objectsArgument(args, 'edits'), ctx, seen);
  const changes = [...files.values()].flatMap(({ resolved, text: before, after }): FileChange[] =>
    after === before ? [] : [changeOf(resolved, before, after)],
  );
  if (changes.length === 0) throw unchanged(results[0]?.path ?? '');
  return editPlan(changes, () => ({ ok: true, results: results.map((result) => ({ ...result })) }));
}

interface EditedFile extends CurrentFile {
  readonly after: string;
}
type EditResult =
  | { readonly path: string; readonly replacements: number; readonly status: 'ok' }
  | { readonly path: string; readonly replacements: 0; readonly status: 'skipped'; readonly message: string };

async function applyInOrder(
  edits: readonly JsonObject[],
  ctx: ToolContext,
  seen: ResolvedPath[],
): Promise<{ readonly files: ReadonlyMap<string, EditedFile>; readonly results: readonly EditResult[] }> {
  const files = new Map<string, EditedFile>();
  const results: EditResult[] = [];
  for (const [index, edit] of edits.entries()) {
    try {
      const file = await openFile(textArgument(edit, 'path'), files, ctx);
      seen.push(file.resolved);
      const { edited, result } = editOnce(file, edit);
      files.set(file.resolved.path, edited);
      results.push(result);
    } catch (error) {
      throw error instanceof ToolError ? withPosition(error, index, edits) : error;
    }
  }
  return { files, results };
}

async function openFile(path: string, files: ReadonlyMap<string, EditedFile>, ctx: ToolContext): Promise<EditedFile> {
  const resolved = await ctx.sandbox.files.resolve(path, ctx.signal);
  const open = files.get(resolved.path);
  if (open) return open;
  const { text } = await currentFile(path, ctx);
  if (text === undefined) throw fileNotFound(resolved.display);
  return { resolved, text, after: text };
}

function editOnce(file: EditedFile, edit: JsonObject): { readonly edited: EditedFile; readonly result: EditResult } {
  const path = file.resolved.display;
  try {
    const { text, replacements } = replaceInText(
      file.after,
      textArgument(edit, 'find'),
      textArgument(edit, 'replace'),
      {
        replaceAll: flagArgument(edit, 'replace_all'),
      },
    );
    return { edited: { ...file, after: text }, result: { path, replacements, status: 'ok' } };
  } catch (error) {
    if (!(error instanceof ToolError) || error.code !== 'already_applied') throw error;
    return { edited: file, result: { path, replacements: 0, status: 'skipped', message: error.message } };
  }
}

function withPosition(error: ToolError, index: number, edits: readonly JsonObject[]): ToolError {
  const path = JSON.stringify(edits[index]?.['path'] ?? '');
  return new ToolError(
    error.code,
    `Edit ${index + 1} of ${edits.length} (${path}) failed, so none was applied. ${error.message}`,
    { advice: error.advice, retryable: error.retryable, cause: error },
  );
}
