import type { DecidedBy, ToolCallSnapshot, ToolCallState } from '../../core/protocol/toolCalls';
import { assertNever } from '../../core/util/assertNever';
import { isJsonObject } from '../../core/util/json';
import type { IconName } from '../ui/icons';
import { shortDuration } from './numbers';

export type StateTone = 'quiet' | 'running' | 'attention' | 'good' | 'bad';
/** A call's state as an icon and a word: colour alone means nothing. */
export interface StateLabel {
  readonly icon: IconName | 'ring';
  readonly word: string;
  readonly tone: StateTone;
}

export function stateLabel(state: ToolCallState, decidedBy?: DecidedBy): StateLabel {
  switch (state) {
    case 'PENDING':
      return { icon: 'circle', word: 'Next', tone: 'quiet' };
    case 'APPROVAL_REQUIRED':
      return { icon: 'ask', word: 'Needs you', tone: 'attention' };
    case 'APPROVED':
      return { icon: 'check', word: 'Approved', tone: 'quiet' };
    case 'EXECUTING':
      return { icon: 'ring', word: 'Running', tone: 'running' };
    case 'COMPLETED':
      return { icon: 'check', word: 'Done', tone: 'good' };
    case 'FAILED':
      return { icon: 'error', word: 'Failed', tone: 'bad' };
    case 'DENIED':
      return { icon: 'close', word: decidedBy === 'user' ? 'Rejected' : 'Not allowed', tone: 'bad' };
    case 'SEALED':
      return { icon: 'cut', word: 'Cut off', tone: 'bad' };
    default:
      return assertNever(state);
  }
}

/** What came out, in a few words: "Exit code 1 · 2.3 s", "12 matches", "3 of 120 lines". Empty where nothing is worth saying. */
export function outcomeText(call: ToolCallSnapshot): string {
  const data = call.result?.ok === true && isJsonObject(call.result.data) ? call.result.data : {};
  const parts: string[] = [];
  const { code, matches, count, totalLines, background } = data;
  if (background === true) parts.push('In the background');
  else if (typeof code === 'number') parts.push(`Exit code ${code}`);
  if (typeof totalLines === 'number') parts.push(counted(totalLines, 'line', 'lines'));
  if (typeof count === 'number') parts.push(counted(count, 'file', 'files'));
  else if (Array.isArray(matches)) parts.push(counted(matches.length, 'match', 'matches'));
  if (call.durationMs !== undefined && call.durationMs >= 1000) parts.push(shortDuration(call.durationMs));
  return parts.join(' · ');
}

/** The output that a finished call gave back, for a card that has no live output (any more). */
export function resultText(call: ToolCallSnapshot): string {
  const { result } = call;
  if (!result) return '';
  if (!result.ok) return result.error;
  const { data } = result;
  if (typeof data === 'string') return data;
  if (!isJsonObject(data)) return JSON.stringify(data, null, 2);
  const { output, content } = data;
  if (typeof output === 'string') return output;
  if (typeof content === 'string') return content;
  return JSON.stringify(data, null, 2);
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
