import { ConfigError } from '../errors';
import type { AgentId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import { absentIsUndefined } from './absentIsUndefined';
import { checkAgentId } from './agentIds';
import type {
  AgentStats,
  MessageFilter,
  MessageRow,
  Page,
  SessionFilter,
  SessionRow,
  TimeRange,
  ToolCallFilter,
  ToolCallRow,
} from './reports';
import type { SessionMeta, SessionReader, SessionStore } from './store';

const defaultLimit = 100;
const sliceLength = 500;

type Sessions = Pick<SessionStore, 'read' | 'summaries'>;

/** @throws ConfigError 'invalid_value' for a page that is none. */
export async function querySessions(sessions: Sessions, filter: SessionFilter): Promise<readonly SessionRow[]> {
  const { agentId, templateId, state, sortBy = 'updatedAt', sortOrder = 'desc' } = filter;
  const sign = sortOrder === 'asc' ? 1 : -1;
  const found = (await sessions.summaries())
    .filter(
      (meta) =>
        (agentId === undefined || meta.agentId === agentId) &&
        (templateId === undefined || meta.templateId === templateId) &&
        (state === undefined || meta.state === state) &&
        isWithin(meta.createdAt, filter),
    )
    .sort((left, right) => sign * (left[sortBy] - right[sortBy]));
  return pageOf(found.map(toRow), filter);
}

/** @throws ConfigError 'invalid_value', StoreError 'damaged'. */
export function queryMessages(sessions: Sessions, filter: MessageFilter): Promise<readonly MessageRow[]> {
  return pageOf(overSessions(sessions, filter.agentId, messageRows), filter, ({ message }) => {
    const { role, contentType } = filter;
    return (
      (role === undefined || message.role === role) &&
      (contentType === undefined || message.content.some(({ type }) => type === contentType)) &&
      isWithin(message.createdAt, filter)
    );
  });
}

/** @throws ConfigError 'invalid_value', StoreError 'damaged'. */
export function queryToolCalls(sessions: Sessions, filter: ToolCallFilter): Promise<readonly ToolCallRow[]> {
  return pageOf(overSessions(sessions, filter.agentId, toolCallRows), filter, ({ call }) => {
    const { toolName, state } = filter;
    return (
      (toolName === undefined || call.name === toolName) &&
      (state === undefined || call.state === state) &&
      isWithin(call.createdAt, filter)
    );
  });
}

export async function aggregateStats(sessions: Sessions, agentId?: string): Promise<AgentStats> {
  let totalSessions = 0;
  let totalMessages = 0;
  let totalToolCalls = 0;
  let totalSnapshots = 0;
  const byName = new Map<string, number>();
  const byState = new Map<string, number>();
  for await (const one of overSessions(sessions, agentId, countsOf)) {
    totalSessions++;
    totalMessages += one.messageCount;
    totalToolCalls += one.calls.length;
    totalSnapshots += one.snapshots;
    for (const { name, state } of one.calls) {
      byName.set(name, (byName.get(name) ?? 0) + 1);
      byState.set(state, (byState.get(state) ?? 0) + 1);
    }
  }
  return {
    ...{ totalSessions, totalMessages, totalToolCalls, totalSnapshots },
    avgMessagesPerSession: totalSessions === 0 ? 0 : totalMessages / totalSessions,
    toolCallsByName: Object.fromEntries(byName),
    toolCallsByState: Object.fromEntries(byState),
  };
}

async function* messageRows(reader: SessionReader, agentId: AgentId): AsyncIterable<MessageRow> {
  for (let from = 0; ; from += sliceLength) {
    const slice: readonly Message[] = await reader.readMessages({ from, to: from + sliceLength });
    for (const [place, message] of slice.entries()) yield { agentId, index: from + place, message };
    if (slice.length < sliceLength) return;
  }
}

async function* toolCallRows(reader: SessionReader, agentId: AgentId): AsyncIterable<ToolCallRow> {
  for (const call of await reader.readToolCalls()) yield { agentId, call };
}

async function* countsOf(reader: SessionReader) {
  const { messageCount } = await reader.load();
  yield { messageCount, calls: await reader.readToolCalls(), snapshots: (await reader.readSnapshots()).length };
}

/** Reads one session after the other, and closes it before the next. A session that was deleted meanwhile is left out. */
async function* overSessions<T>(
  sessions: Sessions,
  agentId: string | undefined,
  rowsOf: (reader: SessionReader, agentId: AgentId) => AsyncIterable<T>,
): AsyncIterable<T> {
  const ids =
    agentId === undefined ? (await sessions.summaries()).map((meta) => meta.agentId) : [checkAgentId(agentId)];
  for (const id of ids) {
    const reader = await absentIsUndefined(() => sessions.read(id));
    if (!reader) continue;
    try {
      yield* rowsOf(reader, id);
    } finally {
      await reader.close();
    }
  }
}

/** Stops reading where the page ends. */
async function pageOf<T>(
  rows: AsyncIterable<T> | readonly T[],
  { limit = defaultLimit, offset = 0 }: Page,
  isWanted: (row: T) => boolean = () => true,
): Promise<readonly T[]> {
  for (const [name, value] of Object.entries({ limit, offset }))
    if (!Number.isSafeInteger(value) || value < 0)
      throw new ConfigError('invalid_value', `${name} is ${value}.`, { advice: 'Give a whole number from 0.' });
  const page: T[] = [];
  if (limit === 0) return page;
  let place = 0;
  for await (const row of rows) {
    if (!isWanted(row) || place++ < offset) continue;
    page.push(row);
    if (page.length === limit) break;
  }
  return page;
}

function isWithin(createdAt: number, { createdAfter = -Infinity, createdBefore = Infinity }: TimeRange): boolean {
  return createdAt >= createdAfter && createdAt <= createdBefore;
}

function toRow(meta: SessionMeta): SessionRow {
  const { agentId, templateId, title, createdAt, updatedAt, messageCount, state, lineage, metadata } = meta;
  return { agentId, templateId, title, createdAt, updatedAt, messageCount, state, lineage, metadata };
}
