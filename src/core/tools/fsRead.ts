import { linesOf } from '../edits/hunks';
import { ToolError } from '../errors';
import { defineTool } from './defineTool';
import { optionalNumber, textArgument } from './readArguments';

const maxLines = 2_000;
const maxBytes = 256 * 1024;

export const fsRead = defineTool({
  name: 'fs_read',
  description:
    'Reads a text file of the workspace and returns its exact text. At most 2,000 lines or 256 KB at once: when `truncated` is true, the note says which offset to go on with. Not for folders (use fs_glob) or binary files.',
  params: {
    path: { type: 'string', minLength: 1, description: 'The file, relative to the workspace folder.' },
    offset: { type: 'integer', minimum: 1, required: false, description: 'First line to read, from 1. Default 1.' },
    limit: { type: 'integer', minimum: 1, required: false, description: 'Number of lines. Default and at most 2000.' },
  },
  attributes: { readonly: true },
  async exec(args, { sandbox, signal }) {
    const { path, display, exists } = await sandbox.files.resolve(textArgument(args, 'path'), signal);
    if (!exists) throw fileNotFound(display);
    const { text } = await sandbox.files.readText(path, signal);
    const offset = optionalNumber(args, 'offset') ?? 1;
    const limit = Math.min(optionalNumber(args, 'limit') ?? maxLines, maxLines);
    const part = partOf(text, display, offset, limit);
    const data = { path: display, offset, limit, ...part };
    return part.truncated ? { ok: true, data, note: howToGoOn(offset, part) } : data;
  },
});

export function fileNotFound(display: string): ToolError {
  return new ToolError('not_found', `There is no file ${JSON.stringify(display)}.`, {
    advice: 'Look for it with fs_glob; paths are relative to the workspace folder.',
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
