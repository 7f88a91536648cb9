import { ask, fine, shown, type Check, type Finding } from './grammar';
import { packageCallOf, type ScriptCall } from './packageScripts';
import { parseLine } from './parseLine';
import { judgeWords } from './programs/programs';
import { whyUnknown } from './programs/unknown';
import type { SimpleCommand } from './scan';

export interface JudgedCommand {
  readonly words: readonly string[];
  /** Of a harmless one: what has to hold on the disk. */
  readonly finding: Finding;
  /** What its redirects read, harmless or not: has to hold on the disk too. */
  readonly inputs: readonly Check[];
  /** Files that its redirects write. */
  readonly writes: readonly string[];
  /** It runs what stands in package.json. */
  readonly script?: ScriptCall;
  /** Its words alone do not say what it does: that comes through a pipe, a file, or an earlier command. */
  readonly dependent: boolean;
  /** What it runs is decided elsewhere and can be something else tomorrow. */
  readonly unforeseeable: boolean;
}

export type JudgedLine =
  | { readonly kind: 'unclear'; readonly reason: string; readonly rememberable: boolean }
  | { readonly kind: 'commands'; readonly commands: readonly JudgedCommand[] };

/** What a command line does, as far as its text says. Touches nothing. */
export function judgeLine(line: string): JudgedLine {
  const commands = parseLine(line);
  if ('reason' in commands) {
    // What a package manager would run is bound to package.json, and only commands that are understood can be.
    const rememberable = commands.invisible !== true && !packagePrograms.test(line);
    return { kind: 'unclear', reason: commands.reason, rememberable };
  }
  const astray = cdAstray(commands);
  if (astray !== undefined) return { kind: 'unclear', reason: astray, rememberable: true };
  const changing = commands.some(({ words }) => changesShell.has(words[0] ?? ''));
  return { kind: 'commands', commands: commands.map((command) => judgeCommand(command, changing)) };
}

const packagePrograms = /\b(npm|npx|pnpm|pnpx|yarn|bunx?|corepack)\b|--run\b/i;

/** Where cd stands so that nobody can say in which folder the rest runs. */
function cdAstray(commands: readonly SimpleCommand[]): string | undefined {
  const at = commands.findIndex(({ words }) => words[0] === 'cd');
  if (at < 0) return undefined;
  const piped = commands.some(
    ({ words, before }, index) => words[0] === 'cd' && (before === '|' || commands[index + 1]?.before === '|'),
  );
  const either = commands.some(({ before }) => before === '||');
  const anyway = commands.slice(at + 1).some(({ before }) => before === ';');
  return piped || either || anyway ? 'In which folder the rest runs depends on whether `cd` works.' : undefined;
}

/** Commands of the shell after which others mean something else. */
const changesShell: ReadonlySet<string> = new Set(
  '. source eval alias unalias export declare typeset local readonly unset set shopt enable hash exec trap pushd popd dirs umask ulimit read mapfile readarray let builtin getopts wait bind complete'.split(
    ' ',
  ),
);

function judgeCommand({ words, redirects, before }: SimpleCommand, changing: boolean): JudgedCommand {
  const reads = redirects.filter(({ kind }) => kind === 'read').map(({ target }) => target);
  const writes = redirects
    .filter(({ kind, target }) => (kind === 'write' || kind === 'append') && target !== '/dev/null')
    .map(({ target }) => target);
  const call = packageCallOf(words);
  const known = words[0] === 'cd' ? judgeCd(words) : judgeWords(words);
  const finding = known ?? whyUnknown(words, call);
  const inputs: readonly Check[] = reads.filter((path) => path !== '/dev/null').map((path) => ({ kind: 'path', path }));
  return {
    words,
    finding,
    inputs,
    writes,
    ...(known === undefined && call?.kind === 'script' && { script: call.call }),
    dependent: changing || before === '|' || inputs.length > 0 || redirects.some(({ fd }) => fd > 2),
    unforeseeable: known === undefined && (call?.kind === 'code' || isUnforeseeable(words)),
  };
}

function judgeCd([, folder, ...more]: readonly string[]): Finding {
  if (folder === undefined || more.length > 0 || !/^[^-]/.test(folder))
    return ask('cd is known with one folder only.', false);
  if (folder.split('/').includes('..')) return ask(`${shown(folder)} leaves the folder.`, false);
  return fine([{ kind: 'path', path: folder }]);
}

const interpreters =
  /^(ba|z|da|k|fi|c|tc|a)?sh$|^(python|pypy|node|nodejs|deno|bun|perl|ruby|php|lua|R|Rscript|osascript|pwsh|tclsh|psql|mysql|sqlite3)[\d.]*$/;

/** Commands as another user, and interpreters that are told what to do through their input. */
function isUnforeseeable([name = '', ...words]: readonly string[]): boolean {
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (['sudo', 'su', 'doas', 'pkexec', 'parallel', 'crontab', 'at', 'batch'].includes(base)) return true;
  return interpreters.test(base) && (words.every((word) => /^-[a-z]?$/.test(word)) || words.includes('-'));
}
