import { ToolError } from '../../core/errors';
import type { GrepRequest } from '../../core/sandbox/sandbox';
import { portableRegex, portableText } from './portablePattern';
import { RegexWorker, type LineMatch } from './regexWorker';

/** Finds lines in texts. Whoever makes it disposes it. */
export interface LineFinder {
  /** At most `limit` lines. @throws ToolError 'timeout'; the signal's reason. */
  find(text: string, limit: number, signal: AbortSignal): Promise<readonly LineMatch[]>;
  dispose(): Promise<void>;
}

const timeLimitMs = 10_000;

export interface LinePattern {
  readonly finder: LineFinder;
  /** The same for ripgrep, as far as it can be said there. */
  readonly rust: string | undefined;
  readonly caseSensitive: boolean;
}

/** @throws ToolError 'invalid_arguments' for what is no regular expression, and for text of several lines. */
export function makeLineFinder({ pattern, regex, caseSensitive }: GrepRequest): LinePattern {
  if (!regex) {
    if (/[\r\n]/.test(pattern)) throw severalLines(pattern);
    const portable = portableText(pattern);
    // Escaped text has no repetitions: it is found in linear time, so it needs no thread of its own.
    const source = portable?.js ?? pattern.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    const literal = new RegExp(source, caseSensitive ? 'gu' : 'giu');
    const finder: LineFinder = {
      find: (text, limit) => Promise.resolve(findLiteral(text, literal, limit)),
      dispose: () => Promise.resolve(),
    };
    return { finder, rust: portable?.rust, caseSensitive };
  }
  const checked = checkedPattern(pattern, caseSensitive);
  const worker = new RegexWorker({ source: checked.source, flags: checked.flags, timeLimitMs });
  const finder: LineFinder = {
    find: (text, limit, signal) => worker.lines(text, limit, signal),
    dispose: () => worker.dispose(),
  };
  return { finder, rust: checked.rust, caseSensitive: checked.caseSensitive };
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

interface CheckedPattern {
  readonly source: string;
  readonly flags: string;
  readonly rust: string | undefined;
  readonly caseSensitive: boolean;
}

/** As models write them for other engines: `(?i)` in front becomes a flag. */
function checkedPattern(pattern: string, asked: boolean): CheckedPattern {
  const inline = /^\(\?i\)/.test(pattern);
  const source = inline ? pattern.slice('(?i)'.length) : pattern;
  const caseSensitive = asked && !inline;
  const i = caseSensitive ? '' : 'i';
  const portable = portableRegex(source);
  if (portable) return { source: portable.js, flags: `u${i}`, rust: portable.rust, caseSensitive };
  try {
    const flags = `${i}${/\\[pPu]\{/.test(source) ? 'u' : ''}`;
    return { source: new RegExp(source, flags).source, flags, rust: undefined, caseSensitive };
  } catch (error) {
    throw new ToolError(
      'invalid_arguments',
      `${JSON.stringify(pattern)} is not a JavaScript regular expression: ${String(error)}.`,
      { advice: 'Correct it, or search for plain text with regex: false.', cause: error },
    );
  }
}

function severalLines(pattern: string): ToolError {
  return new ToolError('invalid_arguments', `${JSON.stringify(pattern.slice(0, 100))} spans lines.`, {
    advice: 'Lines are searched one by one: look for one of them.',
  });
}
