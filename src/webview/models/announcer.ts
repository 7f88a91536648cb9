import type { AgentId } from '../../core/protocol/ids';
import type { ToolCallSnapshot } from '../../core/protocol/toolCalls';
import type { ApprovalView, SessionView, TranscriptItem } from '../../core/protocol/view';
import { assertNever } from '../../core/util/assertNever';
import { openQuestion } from './openQuestion';
import { modeWord } from '../text/modeWord';
import { restoreText } from '../text/restoreText';
import { finishedLength, spokenText } from '../text/sentences';
import { budgetNotice } from '../text/spendingText';
import { toolLabel } from '../text/toolLabel';

/** What was announced already. */
export interface Announced {
  readonly sessionId: AgentId;
  /** The answer that is being read out, and how much of it was. */
  readonly answerKey: string;
  readonly answerLength: number;
  readonly approvals: ReadonlySet<string>;
  readonly items: number;
  /** The state of the newest compaction, the try of a call, the warning of a budget. */
  readonly states: ReadonlySet<string>;
}

/**
 * The next thing for the live region: finished sentences of the newest answer, questions that need a person, failures.
 * A session that is shown for the first time is not read out; only what happens from then on.
 */
export function announce(before: Announced | undefined, view: SessionView): { said: string; announced: Announced } {
  const answer = view.items.findLast((item) => item.kind === 'answer');
  const known = before?.sessionId === view.sessionId ? before : undefined;
  const from = !known ? Infinity : known.answerKey === answer?.key ? known.answerLength : 0;
  const spoken = answer ? sentencesFrom(answer, from) : { text: '', length: 0 };
  const approvals = openApprovals(view);
  const states = stateTexts(view);
  const said = known
    ? [
        spoken.text,
        ...[...approvals].filter(([id]) => !known.approvals.has(id)).map(([, text]) => text),
        ...view.items.slice(known.items).map(itemText),
        ...[...states].filter(([id]) => !known.states.has(id)).map(([, text]) => text),
      ]
    : [];
  return {
    said: said.filter((text) => text !== '').join(' '),
    announced: {
      sessionId: view.sessionId,
      answerKey: answer?.key ?? '',
      answerLength: spoken.length,
      approvals: new Set(approvals.keys()),
      items: view.items.length,
      states: new Set(states.keys()),
    },
  };
}

type AnswerItem = Extract<TranscriptItem, { kind: 'answer' }>;

function sentencesFrom(answer: AnswerItem, from: number): { text: string; length: number } {
  const end = answer.open ? finishedLength(answer.text) : answer.text.length;
  if (from >= end) return { text: '', length: Math.min(from, end) };
  return { text: spokenText(answer.text.slice(from, end)), length: end };
}

function openApprovals(view: SessionView): ReadonlyMap<string, string> {
  const open = new Map<string, string>();
  // Questions stand at the end: calls of one step are asked together.
  for (const item of view.items.slice(-50)) {
    const question = openQuestion(item);
    if (item.kind !== 'tool' || !question) continue;
    open.set(question.permissionId, questionText(item.call, question));
  }
  return open;
}

function questionText(call: ToolCallSnapshot, { subject }: ApprovalView): string {
  if (subject.kind === 'question') return `The agent asks: ${subject.question}`;
  if (subject.kind === 'plan') return `The agent shows its plan: ${subject.title}`;
  const { verb, target } = toolLabel(call);
  return `Approval needed: ${verb} ${target}.`;
}

function itemText(item: TranscriptItem): string {
  if (item.kind === 'turnEnd' && item.error) return `${item.error.message} ${item.error.advice}`;
  if (item.kind === 'turnEnd' && item.reason === 'interrupted') return 'Stopped.';
  if (item.kind === 'modeChange') return `Mode: ${modeWord(item.mode)}.`;
  if (item.kind === 'modelChange') return `Now: ${item.model.model}.`;
  return item.kind === 'notice' && item.severity !== 'info' ? item.text : '';
}

/** What changes in its place: said once for each state. */
function stateTexts({ items, retry, budgetWarning }: SessionView): ReadonlyMap<string, string> {
  const compaction = items.findLast((item) => item.kind === 'compaction');
  const restore = items.findLast((item) => item.kind === 'restore');
  return new Map([
    ...(restore ? [[`${restore.key} ${restore.state}`, restoreText(restore)] as const] : []),
    ...(compaction ? [[`${compaction.key} ${compaction.state}`, compactionText(compaction)] as const] : []),
    ...(retry ? [[`retry ${retry.attempt}`, `${retry.error.message} Trying again.`] as const] : []),
    ...(budgetWarning?.level === 'near'
      ? [[`budget ${budgetWarning.scope} ${budgetWarning.unit}`, budgetNotice(budgetWarning)] as const]
      : []),
  ]);
}

function compactionText({ state, error }: Extract<TranscriptItem, { kind: 'compaction' }>): string {
  switch (state) {
    case 'running':
      return 'Summing up the conversation.';
    case 'done':
      return 'Conversation compacted.';
    case 'failed':
      return `The conversation could not be summed up. ${error?.message ?? ''}`.trim();
    case 'stopped':
      return 'Summing up was stopped.';
    default:
      return assertNever(state);
  }
}
