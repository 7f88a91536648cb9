import type { Random } from '../../support/random';

/** One edit as a person means it, and as a model says it. */
export interface Case {
  readonly file: string;
  readonly find: string;
  readonly replacement: string;
  /** The file after the edit as it is meant; undefined: it must be refused. */
  readonly expected: string | undefined;
}

/** A line of the edited block; `from`: the line of the old block that it is, untouched. */
export interface Edited {
  readonly line: string;
  readonly from?: number;
}

/** A block of a file and what is to become of it, in the file's own blanks. */
export interface Intent {
  readonly before: readonly string[];
  readonly block: readonly string[];
  readonly after: readonly string[];
  readonly edited: readonly Edited[];
  /** How this file indents. */
  readonly unit: string;
}

/** Undefined: this intent is not of its kind. */
export type Mutation = (intent: Intent, random: Random) => Case | undefined;

export const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? '';
export const join = (lines: readonly string[]): string => lines.join('\n');
export const editedLines = ({ edited }: Intent): readonly string[] => edited.map(({ line }) => line);

export function fileWith({ before, after }: Intent, block: readonly string[]): string {
  return join([...before, ...block, ...after]);
}

/** The model writes lines otherwise than they stand in the file. */
export function said(
  intent: Intent,
  old: (line: string, index: number) => string,
  fresh: (line: string) => string,
): Case {
  const find = intent.block.map(old);
  return {
    file: fileWith(intent, intent.block),
    find: join(find),
    replacement: join(intent.edited.map(({ line, from }) => (from === undefined ? fresh(line) : (find[from] ?? '')))),
    expected: fileWith(intent, editedLines(intent)),
  };
}

/** The file's lines stand otherwise than the model writes them; changed lines keep what the model could not see. */
export function stood(intent: Intent, inFile: (line: string) => string, changed: (line: string) => string): Case {
  const block = intent.block.map(inFile);
  return {
    file: fileWith(intent, block),
    find: join(intent.block),
    replacement: join(editedLines(intent)),
    expected: fileWith(
      intent,
      intent.edited.map(({ line, from }) => (from === undefined ? changed(line) : (block[from] ?? ''))),
    ),
  };
}

export const isBlank = (line: string): boolean => line.trim() === '';
export const mapIndent = (line: string, map: (indent: string) => string): string =>
  isBlank(line) ? line : map(indentOf(line)) + line.slice(indentOf(line).length);

/** Widens blanks between words; lines with quotes are left alone, because there blanks may be content. */
export function widened(line: string, random: Random): string {
  if (/["'`]/.test(line)) return line;
  const indent = indentOf(line);
  return indent + line.slice(indent.length).replace(/(?<=\S) (?=\S)/g, () => ' '.repeat(1 + random.below(3)));
}

export function typographic(line: string): string {
  let open = false;
  return line.replaceAll("'", '’').replace(/"/g, () => {
    open = !open;
    return open ? '“' : '”';
  });
}

export function tabbed(line: string, width: number): string {
  return mapIndent(
    line,
    (indent) => '\t'.repeat(Math.floor(indent.length / width)) + ' '.repeat(indent.length % width),
  );
}
