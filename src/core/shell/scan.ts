/** Where a simple command's input comes from or its output goes. */
export interface Redirect {
  readonly fd: number;
  /** `dup` copies another descriptor: `target` is its number. */
  readonly kind: 'read' | 'write' | 'append' | 'dup';
  readonly target: string;
}

export interface SimpleCommand {
  /** What stands before it; undefined for the first one. A line end is a `;`. */
  readonly before: '|' | '&&' | '||' | ';' | undefined;
  readonly words: readonly string[];
  readonly redirects: readonly Redirect[];
}

/** `invisible`: the line does not show what it is; a remembered answer would be to something nobody saw. */
export interface Unclear {
  readonly reason: string;
  readonly invisible?: boolean;
}

export const maxLineCharacters = 10_000;

/**
 * Reads a command line of the small language that every shell agrees on: words of plain characters and quotes, `|`, `&&`, `||`,
 * `;`, line ends, and simple redirects. Whatever else stands in it is named and nothing is understood. One pass.
 */
export function scan(line: string): readonly SimpleCommand[] | Unclear {
  if (line.length > maxLineCharacters)
    return { reason: `The line has ${line.length} characters: too many to look at.` };
  const invisible = /[^\n\t -~]/u.test(line) ? invisibleIn(line) : undefined;
  if (invisible !== undefined) return { reason: invisible, invisible: true };
  try {
    return new Scanner(line.replace(/\n+$/, '')).commands();
  } catch (error) {
    if (error instanceof Stop) return { reason: error.message };
    throw error;
  }
}

/** Letters, marks, digits, punctuation and symbols of other scripts are text; all else that is not ASCII hides something. */
function invisibleIn(line: string): string | undefined {
  const found = /[^\n\t -~\p{L}\p{Mn}\p{Mc}\p{N}\p{P}\p{S}]|\p{Default_Ignorable_Code_Point}|\u2800/u.exec(line)?.[0];
  if (found === undefined) return undefined;
  const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `It holds a control or invisible character (U+${code}).`;
}

class Stop extends Error {}

function stop(reason: string): never {
  throw new Stop(reason);
}

interface Draft {
  readonly before: SimpleCommand['before'];
  readonly words: string[];
  readonly redirects: Redirect[];
}

class Scanner {
  readonly #line: string;
  readonly #done: Draft[] = [];
  #draft: Draft = { before: undefined, words: [], redirects: [] };
  #at = 0;

  constructor(line: string) {
    this.#line = line;
  }

  commands(): readonly SimpleCommand[] {
    while (this.#at < this.#line.length) this.#step();
    // A `;` at the end is fine, every other operator waits for more.
    if (isEmpty(this.#draft) && this.#draft.before === ';' && this.#done.length > 0) return this.#done;
    this.#finish();
    return this.#done;
  }

  #step(): void {
    const next = this.#line[this.#at] ?? '';
    if (next === ' ' || next === '\t') this.#at += 1;
    else if (next === '\n') this.#lineEnd();
    else if (';&|'.includes(next)) this.#operator();
    else if (next === '<' || next === '>') this.#redirect(next === '<' ? 0 : 1);
    else if (/^[0-9]$/.test(next) && /^[<>]$/.test(this.#line[this.#at + 1] ?? '')) {
      this.#at += 1;
      this.#redirect(Number(next));
    } else this.#draft.words.push(this.#word());
  }

  #finish(): void {
    if (this.#draft.words.length === 0)
      stop(
        this.#draft.redirects.length > 0
          ? 'A redirect stands there without a command.'
          : 'A command is missing beside an operator.',
      );
    this.#done.push(this.#draft);
  }

  #operator(): void {
    const two = this.#line.slice(this.#at, this.#at + 2);
    const one = this.#line[this.#at] ?? '';
    if (two === '&>') stop('`&>` redirects in a way that not every shell knows.');
    if (two === '|&') stop('`|&` redirects in a way that not every shell knows.');
    const before = two === '&&' || two === '||' ? two : one;
    if (before === '&') stop('`&` leaves a command running in the background.');
    this.#finish();
    this.#draft = { before: before as NonNullable<SimpleCommand['before']>, words: [], redirects: [] };
    this.#at += before.length;
  }

  #lineEnd(): void {
    this.#at += 1;
    if (isEmpty(this.#draft)) {
      if (this.#draft.before === undefined || this.#draft.before === ';') return;
      stop('The line goes on after an operator.');
    }
    this.#finish();
    this.#draft = { before: ';', words: [], redirects: [] };
  }

  #redirect(fd: number): void {
    const operator = /^(<<<|<<|<>|<&|<\(|<|>>|>\||>&|>\(|>)/.exec(this.#line.slice(this.#at, this.#at + 3))?.[0] ?? '';
    const kind = { '<': 'read', '>': 'write', '>>': 'append', '>&': 'dup' } as const;
    if (operator === '<<' || operator === '<<<') stop(`\`${operator}\` feeds text into a command.`);
    if (operator.endsWith('(')) stop(`\`${operator}…)\` runs a command inside another.`);
    if (!isKeyOf(kind, operator)) stop(`\`${operator}\` is a redirect with side effects.`);
    this.#at += operator.length;
    while (/^[ \t]$/.test(this.#line[this.#at] ?? '')) this.#at += 1;
    const next = this.#line[this.#at] ?? '\n';
    if (';&|<>\n'.includes(next)) stop(`The target of \`${operator}\` is missing.`);
    const target = this.#word();
    if (kind[operator] === 'dup' && !/^[12]$/.test(target))
      stop(`\`>&${target}\` writes to something else than an output.`);
    this.#draft.redirects.push({ fd, kind: kind[operator], target });
  }

  #word(): string {
    let text = '';
    const start = this.#at;
    for (;;) {
      const next = this.#line[this.#at];
      if (next === undefined || ' \t\n;&|<>'.includes(next)) break;
      if (next === "'") text += this.#single();
      else if (next === '"') text += this.#double();
      else if (next === '\\') text += this.#escaped();
      else text += this.#plain(next, start);
    }
    return text;
  }

  #plain(next: string, start: number): string {
    const first = this.#at === start;
    const before = this.#line[this.#at - 1] ?? '';
    // Git's `HEAD@{1}` and `v1^{commit}`: without a comma or dots no shell makes several words of it.
    const braced =
      !first && /[@^]/.test(before) ? /^\{[A-Za-z0-9-]+\}/.exec(this.#line.slice(this.#at, this.#at + 40)) : null;
    if (braced) {
      this.#at += braced[0].length;
      return braced[0];
    }
    // A tilde within a name is one; elsewhere it stands for somebody's home.
    const inName = next === '~' && !first && /^[A-Za-z0-9_^~]$/.test(before);
    if (!inName && !(next === '^' && !first) && !/^[A-Za-z0-9_./,:=@%+-]$/.test(next))
      stop(hazardOf(next, this.#line, this.#at));
    this.#at += 1;
    return next;
  }

  #single(): string {
    const end = this.#line.indexOf("'", this.#at + 1);
    if (end < 0) stop('A quote is not closed.');
    const text = this.#line.slice(this.#at + 1, end);
    if (text.includes('\n')) stop('A line ends inside quotes.');
    this.#at = end + 1;
    return text;
  }

  #double(): string {
    let text = '';
    for (this.#at += 1; ; this.#at += 1) {
      const next = this.#line[this.#at];
      if (next === undefined) stop('A quote is not closed.');
      if (next === '"') break;
      if (next === '\n') stop('A line ends inside quotes.');
      if (next === '$' || next === '`' || next === '!') stop(hazardOf(next, this.#line, this.#at));
      if (next !== '\\') text += next;
      else {
        this.#at += 1;
        const escaped = this.#line[this.#at] ?? stop('A quote is not closed.');
        if (escaped === '\n') stop('A `\\` at the end of a line joins it with the next one.');
        if (escaped === '!') stop(hazardOf('!', this.#line, this.#at));
        text += '$`"\\'.includes(escaped) ? escaped : `\\${escaped}`;
      }
    }
    this.#at += 1;
    return text;
  }

  #escaped(): string {
    const next = this.#line[this.#at + 1];
    if (next === undefined || next === '\n') stop('A `\\` at the end of a line joins it with the next one.');
    // Letters are escaped by those who hide a word; blanks by those who did not quote.
    if (!/^[!-/:-@[-`{-~]$/.test(next) || next === '!') stop(`\`\\${next}\` hides a character.`);
    this.#at += 2;
    return next;
  }
}

const isEmpty = ({ words, redirects }: Draft): boolean => words.length === 0 && redirects.length === 0;

function isKeyOf<Table extends object>(table: Table, key: string): key is string & keyof Table {
  return Object.hasOwn(table, key);
}

function hazardOf(character: string, line: string, at: number): string {
  switch (character) {
    case '$':
      return dollarHazard(line.slice(at, at + maxNameCharacters));
    case '`':
      return '`` `…` `` runs a command inside another.';
    case '*':
    case '?':
    case '[':
    case ']':
      return `\`${character}\` stands for file names that are known only when it runs.`;
    case '{':
    case '}':
      return `\`${character}\` groups commands or makes several words of one.`;
    case '(':
    case ')':
      return '`( )` runs commands in a shell of their own.';
    case '~':
      return '`~` stands for a home folder.';
    case '#':
      return '`#` begins a comment: what follows is not run.';
    case '!':
      return '`!` turns a result around or repeats an earlier command.';
    case '^':
      return '`^` changes an earlier command in some shells.';
    default:
      return `${JSON.stringify(character)} outside of quotes is not plain text.`;
  }
}

/** A name that is longer is not told. */
const maxNameCharacters = 60;
const namedValue = /^\$(?:\w+|\{\w+\}|[@*#?$!-])/;

function dollarHazard(text: string): string {
  if (text.startsWith('$((') || text.startsWith('$[')) return '`$((…))` computes when it runs.';
  if (text.startsWith('$(')) return '`$(…)` runs a command inside another.';
  if (text.startsWith("$'") || text.startsWith('$"'))
    return `\`${text.slice(0, 2)}\` writes characters by their codes.`;
  const name = namedValue.exec(text)?.[0];
  if (name === undefined || name.length === maxNameCharacters)
    return '`$` stands for a value that is known only when it runs.';
  return `Which value \`${name}\` has is known only when it runs.`;
}
