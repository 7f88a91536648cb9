import type { Envelope } from '../protocol/events';
import type { AgentId } from '../protocol/ids';
import { textOf, type Message } from '../protocol/messages';
import { titleOf } from '../protocol/reduce';
import type { AgentInfo, Batch, SessionMeta } from './store';

export function emptyMeta(agentId: AgentId, createdAt: number): SessionMeta {
  return {
    ...{ agentId, templateId: '', title: 'New session', named: false, pinned: false, createdAt, updatedAt: createdAt },
    ...{ messageCount: 0, lastSeq: 0, state: 'READY', openApprovals: 0, lineage: [], metadata: {} },
  };
}

/** The list's entry after this batch. The same object when nothing in it has changed but `lastSeq`. */
export function nextMeta(meta: SessionMeta, batch: Batch): SessionMeta {
  const next = withInfo(withMessages(meta, batch), batch.info);
  return batch.envelopes.reduce(withEvent, next);
}

function withEvent(meta: SessionMeta, { event, bookmark }: Envelope): SessionMeta {
  const next = { ...meta, lastSeq: bookmark.seq };
  if (event.type === 'state_changed') return { ...next, state: event.state, updatedAt: bookmark.timestamp };
  if (event.type === 'permission_required') return { ...next, openApprovals: meta.openApprovals + 1 };
  if (event.type === 'permission_decided') return { ...next, openApprovals: Math.max(0, meta.openApprovals - 1) };
  return next;
}

function withMessages(meta: SessionMeta, batch: Batch): SessionMeta {
  const { messages = [], keepMessages } = batch;
  if (messages.length === 0 && keepMessages === undefined) return meta;
  const messageCount = (keepMessages ?? meta.messageCount) + messages.length;
  const isFirst = (keepMessages ?? meta.messageCount) === 0;
  const first = isFirst && !meta.named ? messages.find((message) => message.role === 'user') : undefined;
  const updatedAt = messages.at(-1)?.createdAt ?? meta.updatedAt;
  return { ...meta, messageCount, updatedAt, ...(first && { title: titleOf(textOf(first)) }) };
}

function withInfo(meta: SessionMeta, info: AgentInfo | undefined): SessionMeta {
  if (!info) return meta;
  const { templateId, createdAt, title, pinned = false, lineage = [], metadata = {} } = info;
  const named = title !== undefined;
  return { ...meta, templateId, createdAt, pinned, named, lineage, metadata, ...(named && { title }) };
}

/** What a search over all sessions looks through. */
export interface SearchLine {
  readonly messageId: string;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly createdAt: number;
}

/** What people wrote and the agent answered; not what the runtime told the model, nor calls and their results. */
export function searchLines(messages: readonly Message[]): readonly SearchLine[] {
  return messages.flatMap((message): readonly SearchLine[] => {
    const text = textOf(message);
    if (message.role === 'system' || text === '' || message.metadata?.['kind'] !== undefined) return [];
    return [{ messageId: message.id, role: message.role, text, createdAt: message.createdAt }];
  });
}
