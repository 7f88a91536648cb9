import type { AgentEvent, Envelope } from '../../src/core/protocol/events';
import { asCallId, asMessageId } from '../../src/core/protocol/ids';
import type { Message } from '../../src/core/protocol/messages';
import type { ToolCallRecord, ToolCallState } from '../../src/core/protocol/toolCalls';
import {
  recordKinds,
  type Batch,
  type SessionReader,
  type SessionRecord,
  type SessionRecordKind,
} from '../../src/core/store/store';

/** An event of its own kind for every number. */
export function envelopeOf(seq: number, event: AgentEvent = eventOf(seq)): Envelope {
  return { cursor: seq, bookmark: { seq, timestamp: 1_000_000 + seq }, event };
}

/** A batch with the event of this number, and whatever else is given. */
export function batchOf(seq: number, more: Partial<Batch> = {}): Batch {
  return { envelopes: [envelopeOf(seq)], ...more };
}

/** Its id is its text. */
export function textMessage(text: string): Message {
  return { id: asMessageId(text), role: 'user', content: [{ type: 'text', text }], createdAt: 1_000_000 };
}

export function callOf(id: string, state: ToolCallState): ToolCallRecord {
  const times = { createdAt: 1_000_000, updatedAt: 1_000_000 };
  const approval = { required: false };
  return { id: asCallId(id), name: 'fs_read', input: { path: 'a.txt' }, state, approval, ...times, auditTrail: [] };
}

/** All that a session gives to be read. */
export async function everythingOf(session: SessionReader) {
  return {
    state: await session.load(),
    messages: await session.readMessages(),
    events: await collect(session.readEvents()),
    toolCalls: await session.readToolCalls(),
    snapshots: await session.readSnapshots(),
    records: await recordsOf(session),
  };
}

/** Kind by kind. */
export async function recordsOf(session: SessionReader): Promise<readonly SessionRecord[]> {
  const all: SessionRecord[] = [];
  for (const kind of recordKinds) all.push(...(await session.readRecords(kind)));
  return all;
}

export function recordOf(
  id: string,
  kind: SessionRecordKind = 'compaction',
  body: SessionRecord['body'] = { summary: `${kind} ${id} \u{1f600}` },
): SessionRecord {
  return { kind, id, createdAt: 1_000_000, body };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function eventOf(seq: number): AgentEvent {
  const channels = [
    { channel: 'monitor', type: 'step_complete', step: seq, durationMs: 7 },
    { channel: 'progress', type: 'text_chunk', step: 1, delta: `piece ${seq} \u{1f600} \u0000` },
  ] as const;
  return channels[seq % 2] ?? channels[0];
}
