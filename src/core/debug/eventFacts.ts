import type { AgentEvent } from '../protocol/events';
import { isJsonObject, type JsonValue } from '../util/json';
import { plainJson } from '../util/plainJson';
import { safeName } from './safeName';

/** Fields whose texts are words or ids of ours, or names of tools and models. */
const told: ReadonlySet<string> = new Set(
  'callId permissionId messageId restoreId state previous current reason phase severity strategy mode decision decidedBy code name vendor model scope'.split(
    ' ',
  ),
);

/** Fields that are looked into. */
const opened: ReadonlySet<string> = new Set(['call', 'error', 'message']);

/** What can be said of an event without anything that somebody has written: numbers, codes, names, sizes. */
export function eventFacts(event: AgentEvent): string {
  const { channel: _channel, type: _type, ...fields } = event;
  return factsOf(plainJson(fields)).join('');
}

function factsOf(fields: JsonValue, prefix = ''): readonly string[] {
  if (!isJsonObject(fields)) return [];
  return Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : factOf(key, value, prefix)));
}

function factOf(key: string, value: JsonValue, prefix: string): readonly string[] {
  const label = ` ${prefix}${key}`;
  if (typeof value === 'number' || typeof value === 'boolean') return [`${label}=${value}`];
  if (typeof value === 'string')
    return [told.has(key) ? `${label}=${safeName(value)}` : `${label}=(${value.length} characters)`];
  if (value === null) return [];
  if (opened.has(key) && isJsonObject(value)) return factsOf(value, `${prefix}${key}.`);
  return [`${label}=(${JSON.stringify(value).length} characters)`];
}
