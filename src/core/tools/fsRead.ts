import { linesOf } from '../edits/hunks';
import { SandboxError, ToolError } from '../errors';
import type { ResolvedPath } from '../sandbox/sandbox';
import type { JsonObject } from '../util/json';
import { objectSchema } from './defineTool';
import { fileKindBytes, fileKindOf } from './fileKind';
import { fileNotFound } from './fileNotFound';
import { notebookText } from './notebookText';
import { flagArgument, optionalNumber, textArgument } from './readArguments';
import type { RunContext, Tool, ToolOutcome } from './tool';

const maxLines = 2_000;
const maxBytes = 256 * 1024;

export const fsRead: Tool = {
  name: 'fs_read',
  description:
    'Reads a text file of the workspace and returns its exact text. At most 2,000 lines or 256 KB at once: when `truncated` is true, the note says which offset to go on with. A notebook (.ipynb) comes as its cells; of an image you get its format and size in pixels, not the picture. Not for folders (use fs_glob) or other binary files.',
  inputSchema: objectSchema({
    path: { type: 'string', minLength: 1, description: 'The file, relative to the workspace folder.' },
    offset: { type: 'integer', minimum: 1, required: false, description: 'First line to read, from 1. Default 1.' },
    limit: { type: 'integer', minimum: 1, required: false, description: 'Number of lines. Default and at most 2000.' },
    raw: {
      type: 'boolean',
      required: false,
      description: 'Of a notebook the JSON as it stands in the file, which is what fs_edit changes. Default false.',
    },
  }),
  async plan(args, { sandbox, signal }) {
    const given = textArgument(args, 'path');
    const planned = await sandbox.files.resolve(given, signal);
    if (!planned.exists) throw fileNotFound(planned.display);
    const { guarded, display } = planned;
    const reasons = guarded?.kind === 'secret' ? [`${display}: ${guarded.reason} The model would read it.`] : [];
    return {
      effect: 'none',
      subject: {
        kind: 'tool',
        name: 'fs_read',
        input: JSON.stringify({ ...args, path: display }, undefined, 2),
        reason: '',
      },
      ...(reasons.length > 0 && { floor: { reasons, rules: [] } }),
      run: async (ctx) => {
        const now = await ctx.sandbox.files.resolve(given, ctx.signal);
        if (now.path !== planned.path) throw leadsElsewhere(planned, now);
        return read(now, args, ctx);
      },
    };
  },
};

async function read(file: ResolvedPath, args: JsonObject, ctx: RunContext): Promise<ToolOutcome> {
  const { display } = file;
  const offset = optionalNumber(args, 'offset') ?? 1;
  const limit = Math.min(optionalNumber(args, 'limit') ?? maxLines, maxLines);
  const text = await textOrKind(file, ctx);
  if (typeof text !== 'string') return text;
  const isNotebook = /\.ipynb$/i.test(display) && !flagArgument(args, 'raw', false);
  const cells = isNotebook ? notebookText(text) : undefined;
  const part = partOf(cells ?? text, display, offset, limit);
  const data = { path: display, ...(cells !== undefined && { kind: 'notebook' }), offset, limit, ...part };
  const notes = [...(part.truncated ? [howToGoOn(offset, part)] : []), ...(cells === undefined ? [] : [notebookNote])];
  return { data, ...(notes.length > 0 && { note: notes.join(' ') }) };
}

const notebookNote =
  'These are the cells of a notebook as text, outputs shortened. To edit it, read it with `raw: true`: fs_edit changes the JSON, where each line of a cell is a quoted string.';

/** The file's text, or what there is to say of a file that has none. @throws as `SandboxFiles.readText`. */
async function textOrKind(
  file: ResolvedPath,
  { sandbox, services, signal }: RunContext,
): Promise<string | ToolOutcome> {
  const { path, display } = file;
  try {
    const { text } = await sandbox.files.readText(path, signal);
    services.files.noteRead(file, text);
    return text;
  } catch (error) {
    if (!(error instanceof ToolError) || !['binary', 'unsupported_encoding', 'too_large'].includes(error.code))
      throw error;
    const kind = fileKindOf(await sandbox.files.readStart(path, fileKindBytes, signal));
    if (!kind) throw error;
    const sizeBytes = (await sandbox.files.stat(path, signal))?.sizeBytes ?? 0;
    if (kind.kind === 'image')
      return {
        data: { path: display, ...kind, sizeBytes },
        note: 'It is an image: tool results carry no pictures. Where it matters what it shows, ask the user.',
      };
    throw new ToolError(
      'binary',
      `${JSON.stringify(display)} is ${kind.format}, ${sizeText(sizeBytes)}, and no text.`,
      {
        advice: 'Use a command that knows this kind of file.',
        cause: error,
      },
    );
  }
}

function sizeText(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function leadsElsewhere(planned: ResolvedPath, now: ResolvedPath): SandboxError {
  return new SandboxError('raced', `"${planned.display}" now leads to "${now.display}"; nothing was read.`, {
    advice: 'Read it again.',
    retryable: true,
  });
}

interface FilePart {
  readonly truncated: boolean;
  readonly totalLines: number;
  readonly content: string;
  readonly lines: number;
}

/** Whole lines with their line ends as they are in the file; a first line beyond the limit is cut. */
function partOf(text: string, display: string, offset: number, limit: number): FilePart {
  const all = linesOf(text);
  if (offset > Math.max(all.length, 1))
    throw new ToolError('invalid_arguments', `offset ${offset} is behind the end of ${JSON.stringify(display)}.`, {
      advice: `The file has ${all.length} lines.`,
    });
  const wanted = all.slice(offset - 1, offset - 1 + limit);
  const count = wholeLinesWithin(wanted, maxBytes);
  const endsFile = offset - 1 + count === all.length;
  const content = wanted.slice(0, count).join('\n') + (count > 0 && (!endsFile || text.endsWith('\n')) ? '\n' : '');
  if (count === 0 && wanted[0] !== undefined)
    return { truncated: true, totalLines: all.length, content: startOf(wanted[0], maxBytes), lines: 0 };
  return { truncated: !endsFile, totalLines: all.length, content, lines: count };
}

function wholeLinesWithin(lines: readonly string[], limitBytes: number): number {
  const encoder = new TextEncoder();
  let bytes = 0;
  const over = lines.findIndex((line) => {
    bytes += encoder.encode(line).length + 1;
    return bytes > limitBytes;
  });
  return over < 0 ? lines.length : over;
}

/** As many characters as surely fit. */
function startOf(line: string, limitBytes: number): string {
  return Array.from(line.slice(0, limitBytes / 4))
    .slice(0, -1)
    .join('');
}

function howToGoOn(offset: number, { lines, totalLines }: FilePart): string {
  if (lines === 0)
    return `Line ${offset} of ${totalLines} is longer than 256 KB: only its start is here. Search in it with fs_grep.`;
  const last = offset + lines - 1;
  return `These are lines ${offset} to ${last} of ${totalLines}. Go on with offset ${last + 1}.`;
}
