import { ToolError } from '../../core/errors';
import type { GrepRequest } from '../../core/sandbox/sandbox';
import { RegexWorker, type LineMatch } from './regexWorker';

/** Finds lines in texts. Whoever makes it disposes it. */
export interface LineFinder {
  /** At most `limit` lines. @throws ToolError 'timeout'; the signal's reason. */
  find(text: string, limit: number, signal: AbortSignal): Promise<readonly LineMatch[]>;
  dispose(): Promise<void>;
}

const timeLimitMs = 10_000;

/** @throws ToolError 'invalid_arguments' for what is no regular expression. */
export function makeLineFinder({ pattern, regex, caseSensitive }: GrepRequest): LineFinder {
  if (!regex) {
    // Escaped text has no repetitions: it is found in linear time, so it needs no thread of its own.
    const literal = new RegExp(pattern.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), caseSensitive ? 'g' : 'gi');
    return {
      find: (text, limit) => Promise.resolve(findLiteral(text, literal, limit)),
      dispose: () => Promise.resolve(),
    };
  }
  const { source, flags } = checkedPattern(pattern, caseSensitive);
  const worker = new RegexWorker({ source, flags, timeLimitMs });
  return { find: (text, limit, signal) => worker.lines(text, limit, signal), dispose: () => worker.dispose() };
}

function findLiteral(text: string, literal: RegExp, limit: number): readonly LineMatch[] {
  const found: LineMatch[] = [];
  let line = 1;
  let counted = 0;
  literal.lastIndex = 0;
  for (let match = literal.exec(text); match && found.length < limit; match = literal.exec(text)) {
    for (let at = text.indexOf('\n', counted); at >= 0 && at < match.index; at = text.indexOf('\n', counted)) {
      line += 1;
      counted = at + 1;
    }
    const end = text.indexOf('\n', match.index);
    found.push({ line, column: match.index - counted + 1, text: text.slice(counted, end < 0 ? undefined : end) });
    if (end < 0) break;
    literal.lastIndex = end + 1;
  }
  return found;
}

/** As models write them for other engines: `(?i)` in front becomes a flag. */
function checkedPattern(pattern: string, caseSensitive: boolean): { readonly source: string; readonly flags: string } {
  const inline = /^\(\?i\)/.test(pattern);
  const source = inline ? pattern.slice('(?i)'.length) : pattern;
  const flags = `${caseSensitive && !inline ? '' : 'i'}${/\\p\{/i.test(source) ? 'u' : ''}`;
  try {
    return { source: new RegExp(source, flags).source, flags };
  } catch (error) {
    throw new ToolError(
      'invalid_arguments',
      `${JSON.stringify(pattern)} is not a JavaScript regular expression: ${String(error)}.`,
      { advice: 'Correct it, or search for plain text with regex: false.', cause: error },
    );
  }
}
