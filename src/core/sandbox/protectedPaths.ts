import { guardRules, type GuardRule } from './guardRules';
import type { GuardedPath } from './sandbox';

/**
 * What speaks against touching a path unasked; undefined: nothing. Pure.
 * @param relative real path relative to a folder of the workspace, with `/`. Other spellings of one name (case, Unicode, what
 * Windows drops or shortens) count as that name, also where the file system would not: then it only asks once too often.
 */
export function guardedPath(relative: string): GuardedPath | undefined {
  const names = relative.split('/').filter((name) => name !== '' && name !== '.');
  const spellings = names.map(foldedName);
  const rule = compiledRules.find((candidate) => fits(candidate, spellings));
  return rule && { kind: rule.kind, reason: rule.reason };
}

/** Whether the contents of a file are shown only to whom a person allowed to see them. @param relative as `guardedPath`. */
export function isSecretPath(relative: string): boolean {
  return guardedPath(relative)?.kind === 'secret';
}

/** What the rules name, for an operating system's sandbox: lower case, with `/`, to be looked for below any folder. */
export interface GuardedNames {
  /** Folders with all that is in them, like `.git` or `.github/workflows`. No wildcards. */
  readonly folders: readonly string[];
  /** Files by their exact name, like `.npmrc` or `.cargo/config`. No wildcards. */
  readonly files: readonly string[];
  /** Files by a pattern, like `*.pem`: `*` stands for any characters of one name. */
  readonly patterns: readonly string[];
  /** Files that a pattern or folder covers and that are free all the same, like `.env*.example`. */
  readonly except: readonly string[];
}

export function guardedNames(kind: GuardedPath['kind']): GuardedNames {
  const rules = guardRules.filter((rule) => rule.kind === kind);
  const files = rules.flatMap((rule) => rule.files ?? []);
  return {
    folders: rules.flatMap((rule) => rule.folders ?? []),
    files: files.filter((file) => !file.includes('*')),
    patterns: files.filter((file) => file.includes('*')),
    except: rules.flatMap((rule) => rule.except ?? []),
  };
}

interface CompiledRule extends GuardedPath {
  readonly folders: readonly Pattern[];
  readonly files: readonly Pattern[];
  readonly except: readonly Pattern[];
}
/** One expression for each name of a path. */
type Pattern = readonly RegExp[];

const compiledRules: readonly CompiledRule[] = guardRules.map(
  ({ kind, reason, folders, files, except }: GuardRule) => ({
    kind,
    reason,
    folders: (folders ?? []).map((folder) => compiled(folder, true)),
    files: (files ?? []).map((file) => compiled(file, true)),
    except: (except ?? []).map((file) => compiled(file, false)),
  }),
);

function fits({ folders, files, except }: CompiledRule, names: readonly string[]): boolean {
  if (except.some((pattern) => standsAt(pattern, names, names.length - pattern.length))) return false;
  if (files.some((pattern) => standsAt(pattern, names, names.length - pattern.length))) return true;
  return folders.some((pattern) => names.some((_name, start) => standsAt(pattern, names, start)));
}

function standsAt(pattern: Pattern, names: readonly string[], start: number): boolean {
  return start >= 0 && pattern.every((name, index) => name.test(names[start + index] ?? '/'));
}

function compiled(path: string, shortNames: boolean): Pattern {
  return path.split('/').map((name) => {
    const spelled = name.split('*').map(escaped).join('.*');
    return new RegExp(`^(?:${[spelled, ...(shortNames ? shortNamesOf(name) : [])].join('|')})$`, 's');
  });
}

/**
 * Windows' second names of a file, like `git~1` for `.git`: the first six characters that may stand in one, or two of them
 * and four digits of a hash. Names that have room for all of theirs and no leading dot have none.
 */
function shortNamesOf(name: string): readonly string[] {
  const plain = name.replace(/^\.+/, '');
  const dot = plain.lastIndexOf('.');
  if (/^\*\.[^.*]{4,}$/.test(name)) return [`[^.]*~\\d+\\.${escaped(name.slice(2, 5))}`];
  const stem = (dot < 0 ? plain : plain.slice(0, dot)).replace(/\*.*$/, '').replaceAll('.', '');
  if (stem.length < 2 || (!name.startsWith('.') && stem.length <= 8 && dot < 0)) return [];
  const ending =
    dot < 0
      ? '(?:\\..*)?'
      : `\\.${escaped(
          plain
            .slice(dot + 1)
            .replaceAll('*', '')
            .slice(0, 3),
        )}.*`;
  return [`${escaped(stem.slice(0, 6))}~\\d+${ending}`, `${escaped(stem.slice(0, 2))}[0-9a-f]{4}~\\d+${ending}`];
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** Characters that HFS+ leaves out of comparisons. */
const unseen = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu;

/**
 * Upper case first, so that letters with the same capital are one. Then what Windows drops: a stream behind a colon, dots
 * and blanks at the end.
 */
function foldedName(name: string): string {
  const folded = name.replaceAll(unseen, '').normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
  const plain = folded.replace(/(?<=.):.*$/s, '').replace(/[. ]+$/, '');
  return plain === '' ? folded : plain;
}
