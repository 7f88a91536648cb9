import type { FileChange } from '../../core/sandbox/sandbox';
import type { OpenHunk, ProposedText } from './proposedText';

interface Titled {
  readonly change: FileChange;
  readonly text: ProposedText;
}

/** What the diff's tab is called. */
export function titleOf({ change, text }: Titled): string {
  const { display, before, after } = change;
  if (text.base !== before || text.now !== after) return `${display} — ${leftOf(text)}`;
  if (after === undefined) return `${display} — deletion proposed by Countersign`;
  if (before === undefined) return `${display} (new) — proposed by Countersign`;
  return `${display} — proposed by Countersign`;
}

/** For example "2 of 3 changes left". The user's own edits may have made them more than were proposed. */
export function leftOf({ hunks, proposed }: ProposedText): string {
  if (hunks.length === 0) return 'every change decided';
  if (hunks.length > proposed) return `${hunks.length} changes left`;
  return `${hunks.length} of ${proposed} ${proposed === 1 ? 'change' : 'changes'} left`;
}

/** Where a reason belongs, by what the model knows: its own first line there, or the one that it took out. */
export function reasonFor(display: string, { base, now }: OpenHunk, reason: string): string {
  const [line] = (now === '' ? base : now).split('\n').filter((one) => one.trim() !== '');
  const what = now === '' ? 'taking out' : 'at';
  return line === undefined
    ? `${display}: ${reason}`
    : `${display}, ${what} ${JSON.stringify(cut(line.trim()))}: ${reason}`;
}

const maxQuoted = 80;

function cut(line: string): string {
  const characters = Array.from(line);
  return characters.length > maxQuoted ? `${characters.slice(0, maxQuoted).join('')}…` : line;
}
