import { failure } from './toolResults';
import type { DecidedBy, Decision, ToolCallRecord, ToolCallState } from '../protocol/toolCalls';
import type { ToolResultBlock, ToolResultContent, ToolUseBlock } from '../protocol/messages';

/** A call that the model has asked for and nothing has happened to yet. */
export function newRecord(block: ToolUseBlock, now: number): ToolCallRecord {
  return {
    id: block.id,
    name: block.name,
    input: block.input,
    state: 'PENDING',
    approval: { required: false },
    createdAt: now,
    updatedAt: now,
    auditTrail: [{ state: 'PENDING', timestamp: now }],
  };
}

export function moved(record: ToolCallRecord, state: ToolCallState, now: number, note?: string): ToolCallRecord {
  const entry = { state, timestamp: now, ...(note !== undefined && { note }) };
  return { ...record, state, updatedAt: now, auditTrail: [...record.auditTrail, entry] };
}

export function decided(
  record: ToolCallRecord,
  answer: { readonly decision: Decision; readonly decidedBy: DecidedBy; readonly note?: string },
  now: number,
): ToolCallRecord {
  const { decision, decidedBy, note } = answer;
  const { meta } = record.approval;
  const more = { ...(note !== undefined && { note }), ...(meta !== undefined && { meta }) };
  const approval = { required: true, decision, decidedBy, decidedAt: now, ...more };
  return moved({ ...record, approval }, decision === 'allow' ? 'APPROVED' : 'DENIED', now, note);
}

/** Ends a call with what the model will read. */
export function finished(
  record: ToolCallRecord,
  state: 'COMPLETED' | 'FAILED' | 'DENIED' | 'SEALED',
  result: ToolResultContent,
  now: number,
): ToolCallRecord {
  const ended = record.state === state ? record : moved(record, state, now, result.note);
  return {
    ...ended,
    result,
    isError: !result.ok,
    completedAt: now,
    ...(record.startedAt !== undefined && { durationMs: now - record.startedAt }),
  };
}

/** The block that answers a call. @param record a call with a result. */
export function resultBlock(record: ToolCallRecord): ToolResultBlock {
  const content = record.result ?? failure('aborted', 'The call was never run.');
  return { type: 'tool_result', tool_use_id: record.id, content, is_error: !content.ok };
}
