import type { Message } from '../protocol/messages';
import type { SessionRecord } from '../store/store';
import { isJsonObject, type JsonObject } from '../util/json';
import type { RestoreRecord } from './restoreRecord';

/** Keeps the messages that a restore takes out of the conversation. Only those of the last one are kept: their place is taken by the next. */
export function rewoundRecord({ id, createdAt }: RestoreRecord, messages: readonly Message[]): SessionRecord {
  // Through JSON, as the conversation itself is stored.
  const body = JSON.parse(JSON.stringify({ restoreId: id, messages })) as JsonObject;
  return { kind: 'rewound', id: 'last', createdAt, body };
}

/** None where others were kept since, or where they are not whole. */
export function messagesIn(records: readonly SessionRecord[], restoreId: string): readonly Message[] {
  const body = records[0]?.body;
  const messages = body?.['messages'];
  if (body?.['restoreId'] !== restoreId || !Array.isArray(messages)) return [];
  return messages.every(isMessage) ? messages : [];
}

/** Its frame: what is in it was written by `rewoundRecord`. */
function isMessage(value: unknown): value is Message {
  return isJsonObject(value) && typeof value['id'] === 'string' && Array.isArray(value['content']);
}
