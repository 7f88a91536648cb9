import type { AgentEvent, FailureInfo } from '../protocol/events';
import { newMessageId } from '../protocol/ids';
import type { Message, ToolResultContent } from '../protocol/messages';
import { isFinal, snapshotOf, type ToolCallRecord, type ToolCallState } from '../protocol/toolCalls';
import type { SessionReader } from '../store/store';
import { assertNever } from '../util/assertNever';
import type { Change } from './journal';
import { decided, finished, newRecord, resultBlock } from './records';
import { failure } from './toolResults';

/** The calls of the last answer that the model has no results for, in their order; whatever state they are in. */
export async function unansweredCalls(
  messages: readonly Message[],
  reader: Pick<SessionReader, 'readToolCalls'>,
  now: number,
): Promise<readonly ToolCallRecord[]> {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return [];
  const asked = last.content.filter((block) => block.type === 'tool_use');
  if (asked.length === 0) return [];
  const stored = await reader.readToolCalls(asked.map((block) => block.id));
  const byId = new Map(stored.map((record) => [record.id, record]));
  return asked.map((block) => byId.get(block.id) ?? newRecord(block, now));
}

/**
 * Gives every one of these calls an answer: its own where it had come to its end, else one that says how far it came.
 * Nothing is run again. @param calls all calls of the last answer, in order.
 */
export function sealing(
  calls: readonly ToolCallRecord[],
  now: number,
): Required<Pick<Change, 'toolCalls' | 'messages' | 'events'>> {
  const sealed = calls.filter((call) => !isFinal(call.state)).map((call) => sealedCall(call, now));
  const byId = new Map(sealed.map((call) => [call.id, call]));
  const content = calls.map((call) => resultBlock(byId.get(call.id) ?? call));
  return {
    toolCalls: sealed,
    messages:
      content.length === 0
        ? []
        : [{ id: newMessageId(), role: 'user', content, createdAt: now, metadata: { kind: 'tool_results' } }],
    events: calls.filter((call) => byId.has(call.id)).flatMap((call) => sealEvents(call, byId.get(call.id) ?? call)),
  };
}

/** Ends one call that was cut off. */
export function sealedCall(record: ToolCallRecord, now: number): ToolCallRecord {
  const open = record.approval.question
    ? { ...decided(record, { decision: 'deny', decidedBy: 'runtime', note: unasked }, now), state: record.state }
    : record;
  return finished(open, 'SEALED', cutOffResult(record.state), now);
}

export function sealEvents(before: ToolCallRecord, sealed: ToolCallRecord): readonly AgentEvent[] {
  const { question } = before.approval;
  const call = snapshotOf(sealed);
  const error = sealed.result?.ok === false ? sealed.result.error : '';
  const shown: AgentEvent = { channel: 'progress', type: 'tool:error', call, error };
  if (!question) return [shown];
  const { permissionId } = question;
  const answer = { callId: sealed.id, decision: 'deny', decidedBy: 'runtime', note: unasked } as const;
  return [{ channel: 'control', type: 'permission_decided', permissionId, ...answer }, shown];
}

/** Why a question of a session that has ended is withdrawn. */
export const unasked = 'The session ended before an answer came.';

/** What the model reads of a call that was cut off at this state: what is certain, and what to do about it. */
function cutOffResult(state: ToolCallState): ToolResultContent {
  switch (state) {
    case 'EXECUTING':
      return failure(
        'aborted',
        'The agent was cut off while this call was running: it may have had all, part or none of its effect.',
        {
          recommendations: ['Find out what is there before you do it again; it was not repeated.'],
        },
      );
    case 'APPROVAL_REQUIRED':
      return failure('aborted', 'The agent was cut off before the user had answered: this call was not run.', {
        retryable: true,
        recommendations: ['Call it again if it is still needed; the user will be asked again.'],
      });
    case 'PENDING':
    case 'APPROVED':
      return failure('aborted', 'The agent was cut off before this call had started: it was not run.', {
        retryable: true,
        recommendations: ['Call it again if it is still needed.'],
      });
    case 'COMPLETED':
    case 'FAILED':
    case 'DENIED':
    case 'SEALED':
      return failure('aborted', 'The result of this call was lost.', {
        recommendations: ['Find out what is there before you do it again.'],
      });
    default:
      return assertNever(state);
  }
}

/** How a turn ends that a restart cut off. */
export function cutOffInfo(sealed: number): FailureInfo {
  const calls =
    sealed === 0 ? '' : sealed === 1 ? ' One tool call was cut off.' : ` ${sealed} tool calls were cut off.`;
  return {
    code: 'cut_off',
    message: `The agent ended in the middle of this turn.${calls}`,
    advice: 'Nothing is repeated by itself. Say what to do next, for example "go on".',
    retryable: false,
  };
}

const seqStep = 65_536;

/** Where the numbers go on after an unclean end: those up to there may have been seen. */
export function seqAfterUncleanEnd(lastSeq: number): number {
  return (Math.floor(lastSeq / seqStep) + 1) * seqStep;
}
