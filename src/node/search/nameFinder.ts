import picomatch from 'picomatch';
import { ToolError } from '../../core/errors';
import { RegexWorker } from './regexWorker';

/** Picks the names that a glob matches. Whoever makes it disposes it. */
export interface NameFinder {
  /** The same at once; absent where that could take for ever. */
  readonly matches?: (name: string) => boolean;
  /** A glob for the last name of a path that fits whatever is selected; absent where none is known. */
  readonly nameGlob: string | undefined;
  select(names: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  dispose(): Promise<void>;
}

const maxPatternCharacters = 1_000;
const maxHarmlessStars = 3;
const timeLimitMs = 10_000;

/**
 * `basename`: a pattern without a slash is for the last name of a path. @throws ToolError 'invalid_arguments'.
 */
export function makeNameFinder(
  pattern: string,
  options: { readonly dot: boolean; readonly basename: boolean },
): NameFinder {
  const expression = compile(pattern, options);
  const basename = options.basename && !pattern.includes('/');
  const subject = (name: string): string => (basename ? name.slice(name.lastIndexOf('/') + 1) : name);
  // Many stars in one pattern can take for ever on a long name: those run where they can be ended.
  const nameGlob = endingGlob(pattern);
  const matches = (name: string): boolean => expression.test(subject(name));
  if ((pattern.match(/\*+/g) ?? []).length <= maxHarmlessStars)
    return {
      nameGlob,
      matches,
      select: (names) => Promise.resolve(names.filter(matches)),
      dispose: () => Promise.resolve(),
    };
  const worker = new RegexWorker({ source: expression.source, flags: expression.flags, timeLimitMs });
  return {
    nameGlob,
    select: async (names, signal) => {
      const matching = new Set(await worker.names(names.map(subject), signal));
      return names.filter((name) => matching.has(subject(name)));
    },
    dispose: () => worker.dispose(),
  };
}

/** `src/**\/*.{ts,tsx}` picks only names like `*.{ts,tsx}`. Undefined for whatever globs do not agree about. */
function endingGlob(pattern: string): string | undefined {
  const last = pattern.slice(pattern.lastIndexOf('/') + 1);
  return /^(?:[\w.-]|\*(?!\*)|\{[\w.-]+(?:,[\w.-]+)*\})+$/.test(last) && last !== '*' ? last : undefined;
}

function compile(pattern: string, { dot }: { readonly dot: boolean }): RegExp {
  const refuse = (reason: string, cause?: unknown): ToolError =>
    new ToolError('invalid_arguments', `The glob ${JSON.stringify(pattern.slice(0, 100))} is refused: ${reason}.`, {
      advice: 'Use a plain one, for example **/*.ts or src/*.{js,json}.',
      cause,
    });
  if (pattern.length > maxPatternCharacters) throw refuse('it is too long');
  try {
    return picomatch.makeRe(pattern, { dot, noextglob: true, nonegate: true, strictBrackets: true, flags: 's' });
  } catch (error) {
    throw refuse(String(error), error);
  }
}
