import { cutAtLine, unifiedDiff } from '../edits/hunks';
import { modeTexts } from '../protocol/modeTexts';
import type { ReviewMode } from '../protocol/modes';
import type { PlanComment } from '../protocol/plans';

/** What a person did with a plan. */
export interface PlanAnswer {
  readonly answer:
    | { readonly kind: 'go'; readonly mode: Exclude<ReviewMode, 'plan'> }
    | { readonly kind: 'keep'; readonly reason: string };
  /** As the agent wrote it. */
  readonly written: string;
  /** As the person left it. */
  readonly left: string;
  readonly comments: readonly PlanComment[];
}

const maxDiffCharacters = 20_000;

/** The answer in words, for the model. Its first line says it all in short, for people too. */
export function planAnswer({ answer, written, left, comments }: PlanAnswer): string {
  const isChanged = written !== left;
  const parts = [summaryOf(answer, isChanged, comments.length)];
  if (answer.kind === 'keep' && answer.reason.trim() !== '') parts.push(answer.reason.trim());
  if (isChanged) {
    parts.push(`The plan as the user left it:\n\n${left.trimEnd()}`);
    const { diff } = unifiedDiff(written, left);
    const shown = diff.length > maxDiffCharacters ? `${cutAtLine(diff, maxDiffCharacters)}\n(and more)` : diff;
    parts.push(`What the user changed, as a diff against what you presented:\n\n${shown}`);
  }
  if (comments.length > 0)
    parts.push(`Comments of the user:\n\n${comments.map((one) => commentLine(one, left.split('\n'))).join('\n')}`);
  return parts.join('\n\n');
}

function summaryOf(answer: PlanAnswer['answer'], isChanged: boolean, comments: number): string {
  const what = answer.kind === 'go' ? `Go, in ${modeTexts[answer.mode].name} mode.` : 'Keep planning.';
  const commented = comments === 0 ? '' : comments === 1 ? 'left a comment' : `left ${comments} comments`;
  const did = [isChanged ? 'changed the plan' : '', commented].filter((text) => text !== '');
  return did.length === 0 ? what : `${what} The user ${did.join(' and ')}.`;
}

/** Lines may have moved since the comment was written: the nearest one that reads the same is meant. */
function commentLine({ line, quote, text }: PlanComment, lines: readonly string[]): string {
  const places = lines.flatMap((one, index) => (one.startsWith(quote) ? [index + 1] : []));
  const [nearest] = places.sort((one, other) => Math.abs(one - line) - Math.abs(other - line));
  const place = nearest === undefined ? 'A line that is gone' : `Line ${nearest}`;
  return `- ${place} (${JSON.stringify(quote.trim())}): ${text.trim().replace(/\n/g, '\n  ')}`;
}
