import type { Random } from '../../support/random';
import {
  editedLines,
  fileWith,
  indentOf,
  isBlank,
  join,
  mapIndent,
  said,
  type Intent,
  type Mutation,
} from './mutationKinds';

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
