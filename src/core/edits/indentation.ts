import { isBlankLine, partsOf, plainPunctuation } from './lineForms';

/** From an indentation as the model wrote it to that of the file; undefined: it cannot be told. */
export type Indentation = (indent: string) => string | undefined;

interface IndentPair {
  readonly wanted: string;
  readonly actual: string;
}

/**
 * The one rule that explains the indentation of every line: a common shift, or tabs for spaces (or the reverse) of one width.
 * `fileLines` and `modelLines` show how wide each side indents. Undefined: the lines are indented unevenly.
 */
export function indentationOf(
  matched: readonly string[],
  find: readonly string[],
  fileLines: readonly string[],
  modelLines: readonly string[],
): Indentation | undefined {
  const pairs = find.flatMap((line, index): IndentPair[] =>
    isBlankLine(line) ? [] : [{ wanted: indentOf(line), actual: indentOf(matched[index] ?? '') }],
  );
  const seen = seenIndents(pairs);
  return shiftOf(pairs, seen) ?? exchangeOf(pairs, seen, fileLines, modelLines);
}

export function indentOf(line: string): string {
  return plainPunctuation(partsOf(line).indent);
}

/** What each indentation of the model stands for; undefined where two lines disagree. */
function seenIndents(pairs: readonly IndentPair[]): ReadonlyMap<string, string | undefined> {
  const seen = new Map<string, string | undefined>();
  for (const { wanted, actual } of pairs)
    seen.set(wanted, !seen.has(wanted) || seen.get(wanted) === actual ? actual : undefined);
  return seen;
}

function shiftOf(pairs: readonly IndentPair[], seen: ReadonlyMap<string, string | undefined>): Indentation | undefined {
  const first = pairs[0];
  if (!first) return undefined;
  const adds = first.actual.endsWith(first.wanted);
  if (!adds && !first.wanted.endsWith(first.actual)) return undefined;
  const blanks = adds
    ? first.actual.slice(0, first.actual.length - first.wanted.length)
    : first.wanted.slice(0, first.wanted.length - first.actual.length);
  const shifted = (indent: string): string | undefined => {
    if (adds) return blanks + indent;
    return indent.startsWith(blanks) ? indent.slice(blanks.length) : undefined;
  };
  if (!pairs.every(({ wanted, actual }) => shifted(wanted) === actual)) return undefined;
  return (indent) => {
    if (seen.has(indent) || blanks === '') return shifted(indent);
    const kinds = blanks + indent;
    return adds && kinds.includes('\t') && kinds.includes(' ') ? undefined : shifted(indent);
  };
}

const widestTab = 8;

function exchangeOf(
  pairs: readonly IndentPair[],
  seen: ReadonlyMap<string, string | undefined>,
  fileLines: readonly string[],
  modelLines: readonly string[],
): Indentation | undefined {
  const fileHasTabs = pairs.some(({ actual }) => actual.includes('\t'));
  const modelHasTabs = pairs.some(({ wanted }) => wanted.includes('\t'));
  if (fileHasTabs === modelHasTabs) return undefined;
  const widths = Array.from({ length: widestTab }, (_, index) => index + 1).filter((width) =>
    pairs.every(({ wanted, actual }) => columnsOf(wanted, width) === columnsOf(actual, width)),
  );
  const width = widths[0];
  if (width === undefined || widths.length > 1) return undefined;
  return (indent) => {
    if (seen.has(indent)) return seen.get(indent);
    // A block that was shifted as well would show another width than the one its side indents by.
    if (commonestStep(fileHasTabs ? modelLines : fileLines) !== width) return undefined;
    const columns = columnsOf(indent, width);
    if (columns === undefined) return undefined;
    return fileHasTabs ? '\t'.repeat(Math.floor(columns / width)) + ' '.repeat(columns % width) : ' '.repeat(columns);
  };
}

/** Undefined for a tab behind a space, whose width depends on where it stands. */
function columnsOf(indent: string, tabWidth: number): number | undefined {
  const tabs = indent.lastIndexOf('\t') + 1;
  return indent.slice(0, tabs).includes(' ') ? undefined : tabs * tabWidth + indent.length - tabs;
}

/** By how many spaces lines go deeper, most of the time. */
function commonestStep(lines: readonly string[]): number | undefined {
  const counts = new Map<number, number>();
  let last = 0;
  for (const line of lines) {
    if (isBlankLine(line)) continue;
    const columns = indentOf(line).length;
    if (columns > last) counts.set(columns - last, (counts.get(columns - last) ?? 0) + 1);
    last = columns;
  }
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}
