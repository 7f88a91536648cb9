import type { AgentEvent, Envelope } from '../../protocol/events';
import { asCallId, asMessageId, type AgentId } from '../../protocol/ids';
import type { ContentBlock, Message } from '../../protocol/messages';
import type { ToolCallRecord, ToolCallState } from '../../protocol/toolCalls';
import { checkAgentId } from '../agentIds';
import type { AgentInfo } from '../store';

/** Pieces of histories, made by hand and the same on every run. */
export const agentIdOf = (text: string): AgentId => checkAgentId(text);

export const infoOf = (id: string): AgentInfo => ({ agentId: agentIdOf(id), templateId: 'test', createdAt: 1_000 });

export function userMessage(place: number, text = `Question ${place}`): Message {
  return messageOf(place, 'user', [{ type: 'text', text }]);
}

export function assistantMessage(place: number, text = `Answer ${place}`): Message {
  return messageOf(place, 'assistant', [{ type: 'text', text }]);
}

/** `count` messages: questions and answers in turn. */
export function conversation(count: number): Message[] {
  return Array.from({ length: count }, (_, place) => (place % 2 === 0 ? userMessage(place) : assistantMessage(place)));
}

export function callMessage(place: number, callId: string, name = 'fs_read'): Message {
  return messageOf(place, 'assistant', [{ type: 'tool_use', id: asCallId(callId), name, input: { path: 'a.txt' } }]);
}

export function resultMessage(place: number, callId: string): Message {
  const content = { ok: true, data: { content: 'one' } } as const;
  return messageOf(place, 'user', [{ type: 'tool_result', tool_use_id: asCallId(callId), content, is_error: false }]);
}

export function callRecord(id: string, state: ToolCallState = 'COMPLETED', createdAt = 1_000): ToolCallRecord {
  return {
    ...{ id: asCallId(id), name: 'fs_read', input: { path: 'a.txt' }, state, approval: { required: false } },
    ...{ createdAt, updatedAt: createdAt, auditTrail: [{ state, timestamp: createdAt }] },
  };
}

export function envelopeOf(
  seq: number,
  event: AgentEvent = { channel: 'progress', type: 'text_chunk', step: 1, delta: `piece ${seq} ` },
): Envelope {
  return { cursor: seq, bookmark: { seq, timestamp: 1_000 + seq }, event };
}

function messageOf(place: number, role: Message['role'], content: readonly ContentBlock[]): Message {
  return { id: asMessageId(`msg-${place}`), role, content, createdAt: 1_000 + place };
}
