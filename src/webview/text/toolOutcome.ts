import type { ToolCallSnapshot } from '../../core/protocol/toolCalls';
import { assertNever } from '../../core/util/assertNever';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/util/json';
import type { IconName } from '../ui/icons';
import { newProblems } from './toolFindings';
import { counted, shortDuration } from './numbers';

export type StateTone = 'quiet' | 'running' | 'attention' | 'good' | 'bad';
/** A call's state as an icon and a word: colour alone means nothing. */
export interface StateLabel {
  readonly icon: IconName | 'ring';
  readonly word: string;
  /** What of the word stays where space is shorter still. */
  readonly short?: string;
  /** More of it, left out where space is short. */
  readonly detail?: string;
  readonly tone: StateTone;
}

/** How a question of the agent ended. */
export function answerLabel(call: ToolCallSnapshot, decidedBy = call.approval.decidedBy): StateLabel {
  if (call.state === 'COMPLETED') return { icon: 'check', word: 'Answered', tone: 'good' };
  if (call.state === 'DENIED' && decidedBy === 'user') return { icon: 'close', word: 'Skipped', tone: 'quiet' };
  return stateLabel(call, decidedBy);
}

/** How a plan was taken. */
export function planLabel(call: ToolCallSnapshot, decidedBy = call.approval.decidedBy): StateLabel {
  if (call.state === 'COMPLETED') return { icon: 'check', word: 'Agreed', tone: 'good' };
  if (call.state === 'DENIED' && decidedBy === 'user') return { icon: 'edit', word: 'Not yet', tone: 'quiet' };
  return stateLabel(call, decidedBy);
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
      return endedLabel(call, { icon: 'error', word: 'Failed', tone: 'bad' });
    case 'DENIED':
      return { icon: 'close', word: decidedBy === 'user' ? 'Rejected' : 'Not allowed', tone: 'bad' };
    case 'SEALED':
      return { icon: 'cut', word: 'Cut off', tone: 'bad' };
    default:
      return assertNever(call.state);
  }
}

/** A change that brought problems is in, but it is no success. */
function completedLabel(call: ToolCallSnapshot): StateLabel {
  const problems = newProblems(call).length;
  return problems === 0
    ? endedLabel(call, { icon: 'check', word: 'Done', tone: 'good' })
    : { ...endedLabel(call, { icon: 'alert', word: 'Done', tone: 'attention' }), short: `${problems}` };
}

/** What came out is said in the place of "Done" or "Failed": "Exit 0 · 2.3 s", "12 matches", "120 lines". */
function endedLabel(call: ToolCallSnapshot, label: StateLabel): StateLabel {
  const slow = call.durationMs !== undefined && call.durationMs >= 1000;
  return {
    ...label,
    word: countsOf(call).join(' · ') || label.word,
    ...(slow && { detail: shortDuration(call.durationMs) }),
  };
}

function countsOf(call: ToolCallSnapshot): readonly string[] {
  const data = resultData(call);
  const { background, code, matches, count, totalLines } = data;
  if (background === true) return ['In the background'];
  return [
    ...(typeof code === 'number' ? [`Exit ${code}`] : []),
    ...(typeof totalLines === 'number' ? [counted(totalLines, 'line', 'lines')] : []),
    ...(typeof count === 'number' ? [counted(count, 'file', 'files')] : []),
    ...(typeof count !== 'number' && Array.isArray(matches) ? [counted(matches.length, 'match', 'matches')] : []),
    ...editorLists.flatMap(([name, one, several]) => {
      const list = data[name];
      return Array.isArray(list) && (list.length > 0 || name !== 'new_problems')
        ? [counted(list.length, one, several)]
        : [];
    }),
  ];
}

/** What comes from the editor's language features. */
const editorLists = [
  ['problems', 'problem', 'problems'],
  ['new_problems', 'new problem', 'new problems'],
  ['symbols', 'symbol', 'symbols'],
  ['definitions', 'place', 'places'],
  ['references', 'place', 'places'],
] as const;

/** What a finished call gave back, for a card that has no live output (any more). */
export function resultText(call: ToolCallSnapshot): string {
  const { data } = call.result ?? {};
  if (data === undefined) return '';
  if (typeof data === 'string') return data;
  const { output, content, matches, problems, definitions, references, symbols } = resultData(call);
  if (typeof output === 'string') return output;
  const list = matches ?? problems ?? definitions ?? references ?? symbols;
  if (Array.isArray(list)) return list.map(matchText).join('\n');
  return typeof content === 'string' ? content : JSON.stringify(data, null, 2);
}

/** A found file, or a found line, problem or symbol with its place. */
function matchText(match: JsonValue): string {
  if (!isJsonObject(match)) return typeof match === 'string' ? match : JSON.stringify(match);
  const { path, line, preview, message, name } = match;
  const text = preview ?? message ?? name;
  return typeof path === 'string' && typeof line === 'number' && typeof text === 'string'
    ? `${path}:${line}: ${text.trim()}`
    : JSON.stringify(match);
}

/** Why a call failed, in the words that the model read; empty where its exit code says it. */
export function failureText(call: ToolCallSnapshot): string {
  const { result } = call;
  return result?.ok === false && typeof resultData(call)['code'] !== 'number' ? result.error : '';
}

function resultData(call: ToolCallSnapshot): JsonObject {
  const data = call.result?.data;
  return isJsonObject(data) ? data : {};
}
