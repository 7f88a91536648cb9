import { ToolError } from '../errors';
import type { LanguageFeatures, ResolvedPath, Sandbox, SymbolPlace } from '../sandbox/sandbox';
import type { JsonObject } from '../util/json';
import type { ToolParameters } from './defineTool';
import { fileNotFound } from './fileNotFound';
import { optionalNumber, textArgument } from './readArguments';

/** How a symbol is named in arguments: models count columns badly, so they need not. */
export const symbolParameters: ToolParameters = {
  path: { type: 'string', minLength: 1, description: 'The file in which the name stands.' },
  line: { type: 'integer', minimum: 1, description: 'The line in which it stands, from 1.' },
  name: { type: 'string', minLength: 1, maxLength: 500, description: 'The name, exactly as it stands in that line.' },
  column: {
    type: 'integer',
    minimum: 1,
    required: false,
    description: 'Only where the name stands several times in the line: the column of the one that is meant, from 1.',
  },
};

type Reading = { readonly sandbox: Sandbox; readonly signal: AbortSignal };

/** The place that the arguments mean. @throws ToolError where the name does not stand there, or several times. */
export async function symbolArgument(args: JsonObject, { sandbox, signal }: Reading): Promise<SymbolPlace> {
  const { path, display } = await openFile(textArgument(args, 'path'), { sandbox, signal });
  const { text } = await sandbox.files.readText(path, signal);
  const line = optionalNumber(args, 'line') ?? 1;
  const name = textArgument(args, 'name');
  return { path, line, name, column: columnOf({ display, text, line, name, column: optionalNumber(args, 'column') }) };
}

/** A file that exists and may be spoken about. @throws ToolError 'not_found', 'failed' for a secret one. */
export async function openFile(given: string, { sandbox, signal }: Reading): Promise<ResolvedPath> {
  const resolved = await sandbox.files.resolve(given, signal);
  if (!resolved.exists) throw fileNotFound(resolved.display);
  if (resolved.guarded?.kind !== 'secret') return resolved;
  throw new ToolError('failed', `${JSON.stringify(resolved.display)} is left out: ${resolved.guarded.reason}`, {
    advice: 'If its contents are really needed, read it with fs_read: the user is asked.',
  });
}

/** @throws ToolError 'failed' where there is no editor. */
export function languageOf({ language }: Sandbox): LanguageFeatures {
  if (language) return language;
  throw new ToolError('failed', 'There is no editor here that knows the code.', {
    advice: 'Search with fs_grep, and check with a command such as the compiler or the linter.',
  });
}

interface Wanted {
  readonly display: string;
  readonly text: string;
  readonly line: number;
  readonly name: string;
  readonly column: number | undefined;
}

function columnOf({ display, text, line, name, column }: Wanted): number {
  const lines = text.split(/\r\n|\n|\r/);
  const inLine = lines[line - 1];
  if (inLine === undefined)
    throw new ToolError('invalid_arguments', `${JSON.stringify(display)} has no line ${line}.`, {
      advice: `It has ${lines.length} lines. Read it again.`,
    });
  const columns = columnsOf(name, inLine);
  const [first] = columns;
  if (first === undefined)
    throw new ToolError('no_match', `${JSON.stringify(name)} does not stand in line ${line} of ${display}.`, {
      advice: elsewhere(name, line, lines),
    });
  if (column !== undefined) {
    const meant = columns.find((start) => start <= column && column < start + name.length);
    if (meant !== undefined) return meant;
  }
  if (column === undefined && columns.length === 1) return first;
  const where = `${columns.length === 1 ? 'column' : 'columns'} ${columns.join(', ')}`;
  const problem = column === undefined ? 'stands several times' : `does not stand in column ${column}`;
  throw new ToolError(
    column === undefined ? 'not_unique' : 'no_match',
    `${JSON.stringify(name)} ${problem} in line ${line} of ${display}.`,
    { advice: `It stands in ${where}: say which with \`column\`.`, retryable: true },
  );
}

/** Where the name stands as a whole word, from 1. */
function columnsOf(name: string, line: string): readonly number[] {
  const columns: number[] = [];
  for (let at = line.indexOf(name); at >= 0; at = line.indexOf(name, at + 1))
    if (isWhole(line, at, name)) columns.push(at + 1);
  return columns;
}

const wordAtEnd = /[\p{L}\p{M}\p{N}_$]$/u;
const wordAtStart = /^[\p{L}\p{M}\p{N}_$]/u;

/** Names like `#x` or `--x` begin with something that no word goes on with. */
function isWhole(line: string, at: number, name: string): boolean {
  const goesBack = wordAtStart.test(name) && wordAtEnd.test(line.slice(0, at));
  return !goesBack && !(wordAtEnd.test(name) && wordAtStart.test(line.slice(at + name.length)));
}

function elsewhere(name: string, line: number, lines: readonly string[]): string {
  const found = lines.flatMap((text, index) => (columnsOf(name, text).length > 0 ? [index + 1] : []));
  if (found.length === 0) return 'It stands nowhere in this file. Look for it with fs_grep.';
  found.sort((left, right) => Math.abs(left - line) - Math.abs(right - line));
  const nearest = found.slice(0, 5).sort((left, right) => left - right);
  return `The nearest lines with it: ${nearest.join(', ')}.`;
}
