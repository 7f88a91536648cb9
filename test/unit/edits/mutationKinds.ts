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
interface Edited {
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

const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? '';
const join = (lines: readonly string[]): string => lines.join('\n');
const editedLines = ({ edited }: Intent): readonly string[] => edited.map(({ line }) => line);

function fileWith({ before, after }: Intent, block: readonly string[]): string {
  return join([...before, ...block, ...after]);
}

/** The model writes lines otherwise than they stand in the file. */
function said(intent: Intent, old: (line: string, index: number) => string, fresh: (line: string) => string): Case {
  const find = intent.block.map(old);
  return {
    file: fileWith(intent, intent.block),
    find: join(find),
    replacement: join(intent.edited.map(({ line, from }) => (from === undefined ? fresh(line) : (find[from] ?? '')))),
    expected: fileWith(intent, editedLines(intent)),
  };
}

/** The file's lines stand otherwise than the model writes them; changed lines keep what the model could not see. */
function stood(intent: Intent, inFile: (line: string) => string, changed: (line: string) => string): Case {
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

const isBlank = (line: string): boolean => line.trim() === '';
const mapIndent = (line: string, map: (indent: string) => string): string =>
  isBlank(line) ? line : map(indentOf(line)) + line.slice(indentOf(line).length);

/** Widens blanks between words; lines with quotes are left alone, because there blanks may be content. */
function widened(line: string, random: Random): string {
  if (/["'`]/.test(line)) return line;
  const indent = indentOf(line);
  return indent + line.slice(indent.length).replace(/(?<=\S) (?=\S)/g, () => ' '.repeat(1 + random.below(3)));
}

function typographic(line: string): string {
  let open = false;
  return line.replaceAll("'", '’').replace(/"/g, () => ((open = !open) ? '“' : '”'));
}

function tabbed(line: string, width: number): string {
  return mapIndent(
    line,
    (indent) => '\t'.repeat(Math.floor(indent.length / width)) + ' '.repeat(indent.length % width),
  );
}

export const blankMutations: Readonly<Record<string, Mutation>> = {
  'said exactly': (intent) =>
    said(
      intent,
      (line) => line,
      (line) => line,
    ),
  'trailing blanks added': (intent, random) =>
    said(
      intent,
      (line) => (random.chance(0.6) ? line + random.pick([' ', '  ', '\t']) : line),
      (line) => line,
    ),
  'trailing blanks of the file left out': (intent, random) => {
    if (intent.edited.filter(({ from }) => from === undefined).length !== 1) return undefined;
    const ends = intent.block.map((line) =>
      isBlank(line) || random.chance(0.4) ? '' : random.pick([' ', '  ', '\t']),
    );
    const changes = intent.edited.length === intent.block.length;
    const at = intent.edited.findIndex(({ from }) => from === undefined);
    const block = intent.block.map((line, index) => line + (ends[index] ?? ''));
    return {
      file: fileWith(intent, block),
      find: join(intent.block),
      replacement: join(editedLines(intent)),
      expected: fileWith(
        intent,
        intent.edited.map(({ line, from }) =>
          from === undefined ? line + (changes ? (ends[at] ?? '') : '') : (block[from] ?? ''),
        ),
      ),
    };
  },
  'all indented more': (intent, random) => {
    const more = intent.unit.repeat(1 + random.below(2));
    const shift = (line: string): string => mapIndent(line, (indent) => more + indent);
    return said(intent, shift, shift);
  },
  'all indented less': (intent) => {
    const lines = [...intent.block, ...editedLines(intent)].filter((line) => !isBlank(line));
    const least = Math.min(...lines.map((line) => indentOf(line).length));
    if (least === 0) return undefined;
    const shift = (line: string): string => mapIndent(line, (indent) => indent.slice(least));
    return said(intent, shift, shift);
  },
  'tabs for the spaces of the file': (intent) => {
    if (intent.unit === '\t' || !intent.block.some((line) => line.startsWith(intent.unit))) return undefined;
    const width = intent.unit.length;
    return said(
      intent,
      (line) => tabbed(line, width),
      (line) => tabbed(line, width),
    );
  },
  'spaces for the tabs of the file': (intent, random) => {
    const width = intent.unit === '\t' ? random.pick([2, 4, 8]) : intent.unit.length;
    const inTabs = (line: string): string => (intent.unit === '\t' ? line : tabbed(line, width));
    const spaces = (line: string): string => mapIndent(line, (indent) => indent.replaceAll('\t', ' '.repeat(width)));
    const block = intent.block.map(inTabs);
    if (!block.some((line) => line.startsWith('\t'))) return undefined;
    const own: Intent = {
      before: intent.before.map(inTabs),
      block,
      after: intent.after.map(inTabs),
      edited: intent.edited.map(({ line, ...rest }) => ({ line: inTabs(line), ...rest })),
      unit: '\t',
    };
    return said(own, spaces, spaces);
  },
  'typographic quotes for plain ones': (intent) => {
    if (/[’“”]/.test(join(intent.block)) || !/["']/.test(join(intent.block))) return undefined;
    return said(intent, typographic, typographic);
  },
  'plain quotes for typographic ones of the file': (intent) => {
    if (intent.edited.length > intent.block.length || !/["']/.test(join(intent.block))) return undefined;
    return stood(intent, typographic, typographic);
  },
  'LF for the CRLF of the file': (intent) => {
    const crlf = (text: string): string => text.replaceAll(/\r?\n/g, '\r\n');
    const plain = said(
      intent,
      (line) => line,
      (line) => line,
    );
    return { ...plain, file: crlf(plain.file), expected: crlf(plain.expected ?? '') };
  },
  'CRLF for the LF of the file': (intent) => {
    const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
    const plain = said(
      intent,
      (line) => line,
      (line) => line,
    );
    return { ...plain, find: crlf(plain.find), replacement: crlf(plain.replacement) };
  },
  'a file of mixed line ends': (intent, random) => {
    const all = [...intent.before, ...intent.block, ...intent.after];
    const ends = all.map(() => random.pick(['\n', '\r\n']));
    const first = intent.before.length;
    const ended = (lines: readonly Edited[], offset: number, last: string): string => {
      let end = last;
      let next = 0;
      return lines
        .map(({ line, from }, index) => {
          const nextKept = lines.slice(index).find((other) => other.from !== undefined)?.from ?? intent.block.length;
          const takesPlaceOf = from ?? (next < nextKept ? next : undefined);
          if (takesPlaceOf !== undefined) {
            end = ends[offset + takesPlaceOf] ?? '';
            next = takesPlaceOf + 1;
          }
          return line + end;
        })
        .join('');
    };
    const whole = (lines: readonly string[], offset: number): string =>
      ended(
        lines.map((line, from) => ({ line, from })),
        offset,
        '',
      );
    const tail = whole(intent.after, first + intent.block.length);
    const head = whole(intent.before, 0);
    const firstEnd = ends[first] ?? '\n';
    // A line that is put before all others of the block, or deleted with others kept, is covered by the unit tests.
    if (intent.edited[0]?.from !== 0 || intent.edited.at(-1)?.from !== intent.block.length - 1) return undefined;
    return {
      file: head + whole(intent.block, first) + tail,
      find: join(intent.block),
      replacement: join(editedLines(intent)),
      expected: head + ended(intent.edited, first, firstEnd) + tail,
    };
  },
  'no-break spaces for spaces': (intent) => {
    const hard = (line: string): string => line.replaceAll(' ', '\u00a0');
    return said(intent, hard, hard);
  },
  'some spaces as no-break spaces': (intent, random) => {
    const hard = (line: string): string => line.replace(/ /g, () => (random.chance(0.3) ? '\u00a0' : ' '));
    return said(intent, hard, (line) => line);
  },
  'blank lines around': (intent, random) => {
    const plain = said(
      intent,
      (line) => line,
      (line) => line,
    );
    const [above, below] = ['\n'.repeat(1 + random.below(2)), '\n'.repeat(1 + random.below(3))];
    return { ...plain, find: above + plain.find + below, replacement: above + plain.replacement + below };
  },
  'blanks inside of lines widened': (intent, random) => {
    const plain = said(
      intent,
      (line) => widened(line, random),
      (line) => line,
    );
    return plain.find === join(intent.block) ? undefined : plain;
  },
  'wide blanks of the file collapsed': (intent, random) => {
    if (intent.edited.some(({ line, from }) => from === undefined && /["'`]/.test(line))) return undefined;
    const wide = new Map<string, string>();
    const inFile = (line: string): string => {
      const known = wide.get(line) ?? widened(line, random);
      wide.set(line, known);
      return known;
    };
    const block = intent.block.map(inFile);
    const plain = stood(intent, inFile, (line) => line);
    // Only lines that come or go: how a changed line keeps its blanks is in the unit tests.
    const fresh = intent.edited.filter(({ from }) => from === undefined).length;
    if (fresh > Math.max(intent.edited.length - intent.block.length, 0)) return undefined;
    if (join(block) === join(intent.block)) return undefined;
    return plain;
  },
  'trailing blanks, indentation and CRLF together': (intent, random) => {
    const shift = (line: string): string => mapIndent(line, (indent) => intent.unit + indent);
    const plain = said(intent, (line) => shift(line) + random.pick(['', ' ', '  ']), shift);
    return { ...plain, find: plain.find.replaceAll('\n', '\r\n') };
  },
  '$& and its kin in the new text': (intent) => {
    const dollars = "$& $1 $$ $` $' $<name>";
    const edited = intent.edited.map((line) => (line.from === undefined ? { line: line.line + dollars } : line));
    return said(
      { ...intent, edited },
      (line) => line,
      (line) => line,
    );
  },
};

/** The block with something else in it that decides; undefined: there is no such thing in the block. */
type Alteration = (lines: readonly string[], random: Random) => readonly string[] | undefined;

function inOneLine(pattern: RegExp, replace: (found: string, random: Random) => string): Alteration {
  return (lines, random) => {
    const places = lines.flatMap((line, index) => [...line.matchAll(pattern)].map((match) => ({ index, match })));
    if (places.length === 0) return undefined;
    const { index, match } = random.pick(places);
    const line = lines[index] ?? '';
    const changed = line.slice(0, match.index) + replace(match[0], random) + line.slice(match.index + match[0].length);
    return changed === line ? undefined : lines.with(index, changed);
  };
}

const alterations: Readonly<Record<string, Alteration>> = {
  'a word altered': inOneLine(/[A-Za-z]{3,}/g, (word, random) => {
    const at = random.below(word.length);
    return word.slice(0, at) + random.pick(['x', 'Q', '']) + word.slice(at + 1);
  }),
  'a letter in the other case': inOneLine(/[A-Za-z]/g, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  ),
  'a line dropped': (lines, random) =>
    lines.length < 3 ? undefined : lines.toSpliced(1 + random.below(lines.length - 2), 1),
  'two lines swapped': (lines, random) => {
    const at = random.below(lines.length - 1);
    const [one = '', other = ''] = lines.slice(at, at + 2);
    return one.trim() === other.trim() ? undefined : lines.toSpliced(at, 2, other, one);
  },
  'a line added': (lines, random) => {
    const at = 1 + random.below(lines.length - 1);
    return lines.toSpliced(
      at,
      0,
      `${indentOf(lines[at] ?? '')}${random.pick(['}', 'extra();', '// more', 'return;'])}`,
    );
  },
  'a number off by one': inOneLine(/\d+/g, (digits, random) => String(Number(digits) + random.pick([1, -1]))),
  'a digit of a number altered': inOneLine(/\d/g, (digit) => String((Number(digit) + 9) % 10)),
  'a negation lost': inOneLine(/!(?=[\w(])|\bnot /g, () => ''),
  'a negation added': inOneLine(/(?<=\(|&& |\|\| )(?=[a-z])/g, () => '!'),
  'an operator changed': inOneLine(/===|!==|<=|>=|&&|\|\||\+=|==|!=| [-+<>*] /g, (operator, random) =>
    random.pick([' + ', ' - ', ' < ', ' > ', '===', '!==', '&&', '||', '<=', '>=', '==']).replace(operator, '**'),
  ),
  'the content of a string changed': inOneLine(/(?<=(["'`]))[^"'`]+(?=\1)/g, (content) => `${content.slice(1)}z`),
  'a blank in a string doubled': inOneLine(/(?<=^[^"'`]*'[^"'`\\]*[^\s"'`\\]) (?=[^"'`\\]*'[^"'`]*$)/g, () => '  '),
  'a Cyrillic letter for a Latin one': inOneLine(/[aeopcx]/g, (letter) => 'аеорсх'.charAt('aeopcx'.indexOf(letter))),
  'a bracket lost': inOneLine(/[()[\]{}]/g, () => ''),
  'one line indented otherwise': (lines, random) => {
    const places = [...lines.keys()].filter((index) => !isBlank(lines[index] ?? ''));
    if (places.length < 2) return undefined;
    const at = random.pick(places.slice(1));
    const line = lines[at] ?? '';
    return lines.with(at, random.chance(0.5) || indentOf(line).length < 2 ? `  ${line}` : line.slice(2));
  },
};

/** A block that is not in the file must be refused, however much it looks like one that is. */
function hostile(alter: Alteration): Mutation {
  return (intent, random) => {
    const altered = alter(intent.block, random);
    const file = fileWith(intent, intent.block);
    if (!altered || file.includes(join(altered)) || join(altered) === join(editedLines(intent))) return undefined;
    return { file, find: join(altered), replacement: join(editedLines(intent)), expected: undefined };
  };
}

export const hostileMutations: Readonly<Record<string, Mutation>> = Object.fromEntries(
  Object.entries(alterations).map(([name, alter]) => [name, hostile(alter)]),
);

/** The block stands twice, with one token different. */
function twin(intent: Intent, random: Random): readonly string[] | undefined {
  return random.pick([
    alterations['a word altered'],
    alterations['a digit of a number altered'],
    alterations['an operator changed'],
  ])?.(intent.block, random);
}

export const twinMutations: Readonly<Record<string, Mutation>> = {
  'the block stands a second time with one token different': (intent, random) => {
    const other = twin(intent, random);
    if (!other || join(other) === join(intent.block)) return undefined;
    const first = random.chance(0.5);
    const around: Intent = first
      ? { ...intent, after: ['', ...other, ...intent.after] }
      : { ...intent, before: [...intent.before, ...other, ''] };
    return said(
      around,
      (line) => line,
      (line) => line,
    );
  },
  'such a twin, and the block indented otherwise': (intent, random) => {
    const other = twin(intent, random);
    if (!other || join(other) === join(intent.block)) return undefined;
    const shift = (line: string): string => mapIndent(line, (indent) => intent.unit + indent);
    return said({ ...intent, after: ['', ...other, ...intent.after] }, shift, shift);
  },
};

export const ambiguousMutations: Readonly<Record<string, Mutation>> = {
  'the block stands twice': (intent) => ({
    ...said(
      intent,
      (line) => line,
      (line) => line,
    ),
    file: fileWith({ ...intent, after: ['', ...intent.block, ...intent.after] }, intent.block),
    expected: undefined,
  }),
  'the block stands twice, indented otherwise': (intent) => {
    const shift = (line: string): string => mapIndent(line, (indent) => intent.unit + indent);
    const twice = { ...intent, after: ['', ...intent.block, ...intent.after] };
    return { ...said(twice, shift, shift), expected: undefined };
  },
  'the block stands twice, with other trailing blanks': (intent) => {
    const twice = { ...intent, after: ['', ...intent.block.map((line) => `${line} `), ...intent.after] };
    return {
      ...said(
        twice,
        (line) => `${line}\t`,
        (line) => line,
      ),
      expected: undefined,
    };
  },
};
