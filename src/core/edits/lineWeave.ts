import { diffArrays } from 'diff';
import type { Indentation } from './indentation';
import { indentOf } from './indentation';
import { isBlank, isBlankLine, partsOf, plainPunctuation } from './lineForms';
import { typographyOf, type Typography } from './typography';

/** A stretch of the matched lines that the replacement changes: `[from, to)`, empty where lines are only added. */
export interface ChangedRun {
  readonly from: number;
  readonly to: number;
}

export type WovenLines =
  | { readonly kind: 'clear'; readonly lines: readonly string[]; readonly runs: readonly ChangedRun[] }
  /** What the new lines should look like in this file cannot be told; `why` is a part of a sentence. */
  | { readonly kind: 'unclear'; readonly why: string };

/**
 * The lines of the file after the edit. What `find` and `replacement` have in common stays as the file has it: whole lines
 * first, then the parts of lines; what is new is indented as the file is.
 */
export function weaveLines(
  matched: readonly string[],
  find: readonly string[],
  replacement: readonly string[],
  indentation: Indentation,
): WovenLines {
  const typography = typographyOf(matched, find);
  const lines: string[] = [];
  const runs: ChangedRun[] = [];
  let at = 0;
  for (const { kept, removed, added } of runsOf(find, replacement)) {
    if (removed > 0 || added.length > 0) {
      const run = { from: at, to: at + removed };
      const woven = weaveRun(matched.slice(run.from, run.to), find.slice(run.from, run.to), added, {
        indentation,
        typography,
      });
      if (typeof woven === 'string') return { kind: 'unclear', why: woven };
      lines.push(...woven);
      runs.push(run);
      at = run.to;
    }
    lines.push(...matched.slice(at, at + kept));
    at += kept;
  }
  return { kind: 'clear', lines, runs };
}

interface Rules {
  readonly indentation: Indentation;
  readonly typography: Typography;
}

/** Lines that go and lines that come in their place, then a number of lines that stay. */
interface Run {
  readonly removed: number;
  readonly added: readonly string[];
  readonly kept: number;
}

const diffTimeoutMs = 200;

function runsOf(find: readonly string[], replacement: readonly string[]): readonly Run[] {
  const parts = diffArrays([...find], [...replacement], { timeout: diffTimeoutMs });
  if (!parts) return [{ removed: find.length, added: replacement, kept: 0 }];
  const runs: { removed: number; added: string[]; kept: number }[] = [];
  let open = { removed: 0, added: [] as string[], kept: 0 };
  runs.push(open);
  for (const { value, added, removed } of parts) {
    if (!added && !removed) {
      open.kept = value.length;
      open = { removed: 0, added: [], kept: 0 };
      runs.push(open);
    } else if (removed) open.removed += value.length;
    else open.added.push(...value);
  }
  return runs;
}

/** The new lines, or why they cannot be told. */
function weaveRun(
  matched: readonly string[],
  find: readonly string[],
  added: readonly string[],
  rules: Rules,
): readonly string[] | string {
  const partners = partnersOf(find, added);
  const lost = matched.some(
    (line, index) => !partners.includes(index) && added.length > 0 && losesContent(line, find[index] ?? ''),
  );
  if (lost)
    return 'these lines differ in blanks or punctuation from what was to be found, and several lines replace them';
  const lines: string[] = [];
  for (const [index, line] of added.entries()) {
    const partner = partners[index];
    const woven =
      partner === undefined
        ? newLine(line, rules)
        : changedLine(matched[partner] ?? '', find[partner] ?? '', line, rules);
    if (woven === undefined) return 'how the new lines are to be indented or quoted in this file cannot be told';
    lines.push(woven);
  }
  return lines;
}

/** For each added line the removed one that it is a new version of, if any. */
function partnersOf(find: readonly string[], added: readonly string[]): readonly (number | undefined)[] {
  if (find.length === added.length) return added.map((_, index) => index);
  if (find.length === 1) {
    const likest = likestTo(find[0] ?? '', added);
    return added.map((_, index) => (index === likest ? 0 : undefined));
  }
  if (added.length === 1) return [likestTo(added[0] ?? '', find)];
  return added.map(() => undefined);
}

function likestTo(line: string, others: readonly string[]): number | undefined {
  const wanted = new Set(wordsOf(line));
  const scores = others.map((other) => {
    const words = new Set(wordsOf(other));
    let shared = 0;
    for (const word of words) if (wanted.has(word)) shared += 1;
    return (2 * shared) / Math.max(wanted.size + words.size, 1);
  });
  const best = Math.max(...scores);
  return best >= 0.5 ? scores.indexOf(best) : undefined;
}

const wordsOf = (line: string): readonly string[] => line.match(/[\p{L}\p{N}_]+/gu) ?? [];

/** Whether the file's line says more than the model knew: other inner blanks or punctuation, or a Markdown line break. */
function losesContent(actual: string, wanted: string): boolean {
  if (actual === wanted) return false;
  const [one, other] = [partsOf(actual), partsOf(wanted)];
  const differs = one.body !== other.body && one.body !== plainPunctuation(other.body);
  return differs || (one.trailing !== other.trailing && /^ {2,}$/.test(one.trailing));
}

function newLine(line: string, { indentation, typography }: Rules): string | undefined {
  if (isBlankLine(line)) return line;
  const { body, trailing } = partsOf(line);
  const indent = indentation(indentOf(line));
  const text = typography.translate(body);
  return indent === undefined || text === undefined ? undefined : indent + text + trailing;
}

/** `actual` changed as `wanted` became `changed`. */
function changedLine(actual: string, wanted: string, changed: string, rules: Rules): string | undefined {
  if (actual === wanted && isBlankLine(actual)) return newLine(changed, rules);
  if (isBlankLine(changed)) return changed;
  const [file, old, fresh] = [partsOf(actual), partsOf(wanted), partsOf(changed)];
  const indent =
    indentOf(wanted) === indentOf(changed) && old.body !== '' ? file.indent : rules.indentation(indentOf(changed));
  const body = mergedBody(file.body, old.body, fresh.body, rules);
  if (indent === undefined || body === undefined) return undefined;
  return indent + body + (file.trailing === old.trailing ? fresh.trailing : file.trailing);
}

const maxTokens = 2_000;

function mergedBody(actual: string, wanted: string, changed: string, { typography }: Rules): string | undefined {
  const places = alignedPlaces(actual, wanted);
  if (!places) return undefined;
  const [old, fresh] = [tokensOf(wanted), tokensOf(changed)];
  if (old.length + fresh.length > maxTokens) return actual === wanted ? typography.translate(changed) : undefined;
  let at = 0;
  let text = '';
  for (const { value, added, removed } of diffArrays(old, fresh)) {
    const length = value.reduce((sum, token) => sum + token.length, 0);
    if (added) {
      const inserted = typography.translate(value.join(''));
      if (inserted === undefined) return undefined;
      text += inserted;
      continue;
    }
    if (!removed) text += actual.slice(places[at], places[at + length]);
    at += length;
  }
  return text;
}

/** Words, runs of blanks, and every other character by itself. */
function tokensOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}_]+|[ \t\u00a0\u2002-\u200a\u202f\u205f\u3000]+|[^]/gu) ?? [];
}

/**
 * For each index of `wanted`, and its end, the place in `actual`; undefined when they differ in more than the width of
 * blanks and in punctuation. Within a run of blanks every index stands for its end.
 */
export function alignedPlaces(actual: string, wanted: string): readonly number[] | undefined {
  const places: number[] = [];
  let at = 0;
  for (let index = 0; index < wanted.length;) {
    places.push(at);
    if (!isBlank(wanted.charCodeAt(index))) {
      if (plainPunctuation(actual.charAt(at)) !== plainPunctuation(wanted.charAt(index))) return undefined;
      at += 1;
      index += 1;
      continue;
    }
    const start = at;
    while (at < actual.length && isBlank(actual.charCodeAt(at))) at += 1;
    if (at === start) return undefined;
    for (index += 1; index < wanted.length && isBlank(wanted.charCodeAt(index)); index++) places.push(at);
  }
  places.push(at);
  return at === actual.length ? places : undefined;
}

/** A stretch of text that equals `find` but for typographic punctuation, changed as `find` becomes `replacement`. */
export function weaveText(matched: string, find: string, replacement: string): string | undefined {
  const typography = typographyOf([matched], [find]);
  return mergedBody(matched, find, replacement, { indentation: (indent) => indent, typography });
}
