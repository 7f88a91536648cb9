import type { ToolCallSnapshot } from '../../core/protocol/toolCalls';
import { assertNever } from '../../core/util/assertNever';
import { isJsonObject } from '../../core/util/json';
import type { IconName } from '../ui/icons';
import { shortDuration } from './numbers';

export type StateTone = 'quiet' | 'running' | 'attention' | 'good' | 'bad';
/** A call's state as an icon and a word: colour alone means nothing. */
export interface StateLabel {
  readonly icon: IconName | 'ring';
  readonly word: string;
  /** More of it, left out where space is short. */
  readonly detail?: string;
  readonly tone: StateTone;
}

export function stateLabel(call: ToolCallSnapshot, decidedBy = call.approval.decidedBy): StateLabel {
  switch (call.state) {
    case 'PENDING':
      return { icon: 'circle', word: 'Next', tone: 'quiet' };
    case 'APPROVAL_REQUIRED':
      return { icon: 'ask', word: 'Needs you', tone: 'attention' };
    case 'APPROVED':
      return { icon: 'check', word: 'Approved', tone: 'quiet' };
    case 'EXECUTING':
      return { icon: 'ring', word: 'Running', tone: 'running' };
    case 'COMPLETED':
      return completedLabel(call);
    case 'FAILED':
      return { icon: 'error', word: 'Failed', tone: 'bad' };
    case 'DENIED':
      return { icon: 'close', word: decidedBy === 'user' ? 'Rejected' : 'Not allowed', tone: 'bad' };
    case 'SEALED':
      return { icon: 'cut', word: 'Cut off', tone: 'bad' };
    default:
      return assertNever(call.state);
  }
}

/** What came out is said in the place of "Done": "Exit 0 · 2.3 s", "12 matches", "120 lines". */
function completedLabel(call: ToolCallSnapshot): StateLabel {
  const data = call.result?.ok === true && isJsonObject(call.result.data) ? call.result.data : {};
  const parts: string[] = [];
  const { code, matches, count, totalLines, background } = data;
  if (background === true) parts.push('In the background');
  else if (typeof code === 'number') parts.push(`Exit ${code}`);
  if (typeof totalLines === 'number') parts.push(counted(totalLines, 'line', 'lines'));
  if (typeof count === 'number') parts.push(counted(count, 'file', 'files'));
  else if (Array.isArray(matches)) parts.push(counted(matches.length, 'match', 'matches'));
  const word = parts.length === 0 ? 'Done' : parts.join(' · ');
  const slow = call.durationMs !== undefined && call.durationMs >= 1000;
  const detail = slow ? { detail: shortDuration(call.durationMs) } : {};
  return typeof code === 'number' && code !== 0
    ? { icon: 'error', word, tone: 'bad', ...detail }
    : { icon: 'check', word, tone: 'good', ...detail };
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
