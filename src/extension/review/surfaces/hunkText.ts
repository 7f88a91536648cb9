import type { Hunk } from '../../../core/edits/review';
import { linesOf } from '../../../core/edits/hunks';
import { safeStart } from '../../../core/util/safeStart';

const maxHoverLines = 300;
const maxHoverCharacters = 20_000;
const maxQuotedLines = 200;
const maxQuotedCharacters = 16_000;

/** Which of the file's hunks it is, for people: '1 of 3 by Countersign (with your changes)'. */
export function placeText(hunk: Hunk, hunks: readonly Hunk[]): string {
  const number = hunks.findIndex(({ id }) => id === hunk.id) + 1;
  const whose = hunk.touched ? ' (with your changes)' : '';
  return `${number} of ${hunks.length} by Countersign${whose}${deletedText(hunk)}`;
}

/** Markdown of what stood where the hunk is now; `language` colours it. */
export function beforeText(hunk: Hunk, language: string): string {
  if (hunk.base === '') return 'Nothing stood here before.';
  const { text, left } = bounded(hunk.base, maxHoverLines, maxHoverCharacters);
  const rest = left > 0 ? `\n\n… and ${countText(left, 'more line')}: open the changes to see all.` : '';
  return `Before:\n\n${fenced(text, language)}${rest}`;
}

/** What the agent reads: where the lines are, the change as a diff, and what the user says of it. */
export function instructionText(display: string, hunk: Hunk, comment: string): string {
  const { nowStart, nowLines, baseStart, baseLines } = hunk;
  const where =
    nowLines === 0
      ? `the lines deleted before line ${nowStart + 1}`
      : nowLines === 1
        ? `line ${nowStart + 1}`
        : `lines ${nowStart + 1}-${nowStart + nowLines}`;
  // The format's quirk: a side without lines is named by the line before it.
  const [base, now] = [baseStart + Math.min(baseLines, 1), nowStart + Math.min(nowLines, 1)];
  const header = `@@ -${base},${baseLines} +${now},${nowLines} @@`;
  const lines = [
    ...linesOf(plainEnds(hunk.base)).map((line) => `-${line}`),
    ...linesOf(plainEnds(hunk.now)).map((line) => `+${line}`),
  ];
  const { text, left } = bounded(lines.join('\n'), maxQuotedLines, maxQuotedCharacters);
  const rest = left > 0 ? `\n\n(${countText(left, 'line')} of the diff left out.)` : '';
  const whose = hunk.touched ? ' It holds changes of the user, too.' : '';
  return `About your change in ${JSON.stringify(display)}, ${where}.${whose}\n\n${fenced(`${header}\n${text}`, 'diff')}${rest}\n\n${comment}`;
}

/** A block of code in Markdown that nothing in the text can end. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language.replace(/[^\w#+-]/g, '')}\n${text.replace(/\n$/, '')}\n${fence}`;
}

/** '1 change', '2 changes'. */
export function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function deletedText({ nowLines, baseLines }: Hunk): string {
  return nowLines === 0 ? `: ${countText(baseLines, 'line')} deleted here` : '';
}

/** Whole lines from the start, and how many are left out. */
function bounded(
  text: string,
  maxLines: number,
  maxCharacters: number,
): { readonly text: string; readonly left: number } {
  const lines = linesOf(plainEnds(text));
  let length = 0;
  let taken = 0;
  while (taken < Math.min(lines.length, maxLines)) {
    length += (lines[taken]?.length ?? 0) + 1;
    if (length > maxCharacters) break;
    taken += 1;
  }
  // One line that is longer than everything is cut, so that something of it is seen.
  if (taken === 0) return { text: safeStart(lines[0] ?? '', maxCharacters), left: lines.length };
  return { text: lines.slice(0, taken).join('\n'), left: lines.length - taken };
}

function plainEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
