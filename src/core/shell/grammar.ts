/** What has to hold on the disk for a command to be harmless. Paths are as they stand in the command. */
export type Check =
  /** It reads or shows this path. `notFolder`: given a folder it would read all that stands in it. */
  | { readonly kind: 'path'; readonly path: string; readonly notFolder?: boolean }
  | TreeCheck
  | RevisionsCheck
  /**
   * It obeys the settings of the git repository in this folder; `content`: it shows what stands in files; `addresses`: it
   * shows those of remotes.
   */
  | { readonly kind: 'git'; readonly folder: string; readonly content: boolean; readonly addresses: boolean };

/** What git takes for the names of objects. Those that are none are fine: they are paths then. */
export interface RevisionsCheck {
  readonly kind: 'revisions';
  readonly folder: string;
  /** They lead to commits. */
  readonly revisions: readonly string[];
  /** They lead to files, by paths that are checked by themselves. */
  readonly files: readonly string[];
  /** Of folders it shows nothing but the names in them. */
  readonly namesOnly: boolean;
}

/** It reads what it finds below this folder: as ripgrep does, or `all`, also what is hidden or ignored. */
export interface TreeCheck {
  readonly kind: 'tree';
  readonly path: string;
  readonly all?: boolean;
  /** Only files whose names end so, and all of these: ripgrep takes them also where they are hidden or ignored. */
  readonly endings?: readonly string[];
  /** Names of folders that it does not enter. */
  readonly except?: readonly string[];
}

export type Finding =
  | { readonly harmless: true; readonly checks: readonly Check[] }
  /** `runs`: it may execute something that is not named in the command. */
  | { readonly harmless: false; readonly reason: string; readonly runs: boolean };

export interface Program {
  /** The options it may have, apart by blanks: `-x`, `-x=kind`, `--long`, `--long=kind`, `--long[=kind]`; `-#` is a number. */
  readonly options: string;
  readonly operands: Operands;
  /** Whether operands end the options (shells' own commands): otherwise options may follow. */
  readonly strict?: boolean;
}

export type Operands =
  | 'none'
  /** Text that it only shows or computes with. */
  | 'text'
  | 'paths'
  /** Exactly two files, or standard input. */
  | 'twoFiles'
  | 'onePath'
  | ((operands: readonly string[], options: ReadonlyMap<string, readonly string[]>) => Finding);

/** What the value of an option may be. */
const kinds: Readonly<Record<string, RegExp>> = {
  number: /^[+-]?\d{1,9}[kKMGb]?$/,
  word: /^[A-Za-z][A-Za-z0-9:_-]*$/,
  text: /^/,
  path: /^[^-]/,
  /** Of git's lists: `%G…` would run gpg, `%(raw)` shows files that a tag names. */
  format: /^(?![^]*%[-+ ]?G)(?![^]*%\(\*?(?:signature|raw))/,
  /** Files by their ending, `*.ts`, `*.{ts,tsx}`, or files that are left out: `globEndings` reads it. */
  glob: /^(![^]+|(?:[\w./-]*\/)?[\w.-]*\*(?:[\w.-]*)\.(?:\w+|\{\w+(?:,\w+)*\}))$/,
  type: /^(c|cpp|css|go|html|java|js|kotlin|lua|md|markdown|perl|php|py|python|ruby|rust|scala|sql|swift|toml|ts|typescript|xml)$/,
};
export const ask = (reason: string, runs = true): Finding => ({ harmless: false, reason, runs });
export const fine = (checks: readonly Check[] = []): Finding => ({ harmless: true, checks });
export const pathChecks = (paths: readonly string[], notFolder = false): readonly Check[] =>
  paths.filter((path) => path !== '-').map((path) => ({ kind: 'path', path, ...(notFolder && { notFolder }) }));

/** Judges the words after a program's name by its grammar. */
export function judgeByGrammar(
  name: string,
  { options, operands, strict }: Program,
  words: readonly string[],
): Finding {
  const read = readOptions(name, options, words, strict === true);
  if ('harmless' in read) return read;
  const finding = judgeOperands(name, operands, read);
  return finding.harmless ? fine([...pathChecks(read.paths), ...finding.checks]) : finding;
}

interface Read {
  readonly operands: readonly string[];
  /** Option values that are paths, and words that some systems take for options and others for paths. */
  readonly paths: readonly string[];
  readonly given: ReadonlyMap<string, readonly string[]>;
}

function judgeOperands(name: string, kind: Operands, { operands, given }: Read): Finding {
  if (typeof kind === 'function') return kind(operands, given);
  switch (kind) {
    case 'none':
      return operands[0] === undefined ? fine() : ask(`${name} does more with ${shown(operands[0])}.`);
    case 'text':
      return fine();
    case 'paths':
      return fine(pathChecks(operands));
    case 'onePath':
      return operands.length <= 1
        ? fine(pathChecks(operands))
        : ask(`${name} writes to its second file, ${shown(operands[1] ?? '')}.`);
    case 'twoFiles':
      return operands.length === 2
        ? fine(pathChecks(operands, true))
        : ask(`${name} is known with exactly two files only.`);
    default:
      return kind satisfies never;
  }
}

interface Option {
  readonly value: RegExp | undefined;
  readonly isPath: boolean;
  readonly optional: boolean;
}

/** `-#` stands for numbers like `-20`. */
export function readOptions(name: string, table: string, words: readonly string[], strict: boolean): Read | Finding {
  const options = tableOf(table);
  const found = { operands: [] as string[], paths: [] as string[], given: new Map<string, string[]>() };
  const take = (key: string, option: Option, value: string | undefined): Finding | undefined => {
    const known = found.given.get(key) ?? [];
    found.given.set(key, known);
    if (value === undefined) return undefined;
    if (!option.value?.test(value)) return ask(`It is not known what ${key} of ${name} does with ${shown(value)}.`);
    known.push(value);
    if (option.isPath) found.paths.push(value);
    return undefined;
  };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') {
      found.operands.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      found.operands.push(...(strict ? words.slice(at) : [word]));
      if (strict) break;
      continue;
    }
    // Where options end at the first operand, this is the name of a file.
    if (found.operands.length > 0) found.paths.push(`./${word}`);
    const used = word.startsWith('--') ? long(word, words[at + 1]) : short(word, words[at + 1]);
    if (typeof used !== 'number') return used;
    at += used;
  }
  return found;

  /** How many of the next words belong to it. */
  function long(word: string, next: string | undefined): number | Finding {
    const [, key = '', , value] = /^([^=]+)(=([^]*))?$/.exec(word) ?? [];
    const option = options.get(key);
    if (!option) return unknown(name, key);
    if (value !== undefined) return (option.value ? take(key, option, value) : unknown(name, word)) ?? 0;
    if (!option.value || option.optional) return take(key, option, undefined) ?? 0;
    return next === undefined ? ask(`The value of ${key} is missing.`) : (take(key, option, next) ?? 1);
  }

  function short(word: string, next: string | undefined): number | Finding {
    if (/^-\d{1,9}$/.test(word) && options.has('-#')) return 0;
    const whole = options.get(word);
    // Some programs have long options with one dash.
    if (whole && word.length > 2) return take(word, whole, undefined) ?? 0;
    for (let place = 1; place < word.length; place += 1) {
      const key = `-${word[place] ?? ''}`;
      const option = options.get(key);
      const rest = word.slice(place + 1);
      if (!option) return unknown(name, key);
      if (!option.value) {
        const problem = take(key, option, undefined);
        if (problem) return problem;
      } else if (rest !== '' || option.optional) return take(key, option, rest === '' ? undefined : rest) ?? 0;
      else return next === undefined ? ask(`The value of ${key} is missing.`) : (take(key, option, next) ?? 1);
    }
    return 0;
  }
}

function tableOf(table: string): ReadonlyMap<string, Option> {
  return new Map(
    table
      .split(/\s+/)
      .filter((entry) => entry !== '')
      .map((entry) => {
        const [, key = entry, open, kind] = /^([^=[]+)(\[)?=?(\w+)?\]?$/.exec(entry) ?? [];
        const value = kind === undefined ? undefined : kinds[kind];
        return [key, { value, isPath: kind === 'path', optional: open !== undefined }];
      }),
  );
}

/** The endings of the files that these globs name; undefined: they name none, any file is meant. */
export function globEndings(globs: readonly string[]): readonly string[] | undefined {
  const named = globs.filter((glob) => !glob.startsWith('!'));
  if (named.length === 0) return undefined;
  return named.flatMap((glob) => {
    const [, ending = '', several] = /\.(\w+|\{([\w,]+)\})$/.exec(glob) ?? [];
    return (several?.split(',') ?? [ending]).map((one) => `.${one}`);
  });
}

const unknown = (name: string, option: string): Finding =>
  ask(`${shown(option)} of ${name} is not on the list of what only reads.`);

/** A word of the command for people, short. */
export function shown(word: string): string {
  return `\`${word.length > 80 ? `${word.slice(0, 80)}…` : word}\``;
}
