import {
  editedLines,
  fileWith,
  isBlank,
  join,
  mapIndent,
  indentOf,
  said,
  stood,
  tabbed,
  typographic,
  widened,
  type Edited,
  type Intent,
  type Mutation,
} from './mutationKinds';

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
