import type { JsonObject } from '../util/json';
import type { SessionReader, SessionRecord, SessionRecordKind } from './store';

/** What the documented names save one by one, as a record. One with the `id` of an earlier one takes its place; without an `id` each is a new one. */
export function namedRecord(kind: SessionRecordKind, body: JsonObject): SessionRecord {
  const { id, timestamp } = body;
  return {
    kind,
    id: typeof id === 'string' && id !== '' ? id : crypto.randomUUID(),
    createdAt: typeof timestamp === 'number' && Number.isSafeInteger(timestamp) ? timestamp : Date.now(),
    body,
  };
}

/** The whole cache, which takes the place of the one before. */
export function mediaCacheRecord(records: readonly JsonObject[]): SessionRecord {
  return { kind: 'media', id: 'cache', createdAt: Date.now(), body: { records } };
}

export async function readMediaCache(reader: SessionReader): Promise<readonly JsonObject[]> {
  const [cache] = await reader.readRecords('media');
  return (cache?.body['records'] ?? []) as readonly JsonObject[];
}

/** Those that were saved by name as they were saved, and the agent's own with `id` and `timestamp`; the newest last. */
export async function readCompressions(reader: SessionReader): Promise<readonly JsonObject[]> {
  const own = (await reader.readRecords('compaction')).map(({ id, createdAt, body }) => ({
    createdAt,
    body: { ...body, id, timestamp: createdAt },
  }));
  const all = [...(await reader.readRecords('compression')), ...own];
  return all.toSorted((left, right) => left.createdAt - right.createdAt).map(({ body }) => body);
}
