import { StoreError } from '../errors';
import type { Envelope } from '../protocol/events';
import { isAgentId, type AgentId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { TodoItem } from '../protocol/todos';
import type { ToolCallRecord } from '../protocol/toolCalls';
import type { AgentInfo, Batch, SessionLog, SessionStore, StoredState } from './store';

/** Sessions that live as long as the process. Everything goes through JSON, so that nothing is kept that a file could not hold. */
export class MemoryStore implements SessionStore {
  readonly #sessions = new Map<AgentId, StoredSession>();

  async open(agentId: AgentId, mode: 'create' | 'existing'): Promise<SessionLog> {
    if (!isAgentId(agentId))
      throw new StoreError('invalid_id', `Not a session id: ${JSON.stringify(agentId)}.`, {
        advice: 'Use 1 to 200 characters without separators, control characters or "..".',
      });
    const existing = this.#sessions.get(agentId);
    if (mode === 'create' && existing)
      throw new StoreError('exists', `The session ${agentId} exists already.`, {
        advice: 'Open it, or choose another id.',
      });
    if (mode === 'existing' && !existing)
      throw new StoreError('not_found', `There is no session ${agentId}.`, { advice: 'Create it first.' });
    const session = existing ?? new StoredSession();
    if (session.held) throw held(agentId);
    session.held = true;
    this.#sessions.set(agentId, session);
    return new MemoryLog(session);
  }

  async exists(agentId: AgentId): Promise<boolean> {
    return this.#sessions.has(agentId);
  }

  async list(prefix = ''): Promise<readonly AgentId[]> {
    return [...this.#sessions.keys()].filter((id) => id.startsWith(prefix));
  }

  async delete(agentId: AgentId): Promise<void> {
    if (this.#sessions.get(agentId)?.held) throw held(agentId);
    this.#sessions.delete(agentId);
  }
}

function held(agentId: AgentId): StoreError {
  return new StoreError('conflict', `The session ${agentId} is open.`, {
    advice: 'Close it where it is open, then try again.',
  });
}

class StoredSession {
  held = false;
  info: string | undefined;
  todos = '[]';
  readonly messages: string[] = [];
  readonly toolCalls = new Map<string, string>();
  readonly events: { readonly seq: number; readonly channel: string; readonly json: string }[] = [];
}

class MemoryLog implements SessionLog {
  readonly #session: StoredSession;
  #open = true;

  constructor(session: StoredSession) {
    this.#session = session;
  }

  async commit(batch: Batch): Promise<void> {
    if (!this.#open) throw new StoreError('closed', 'The session was closed.', { advice: 'Open it again.' });
    const session = this.#session;
    const lastSeq = session.events.at(-1)?.seq ?? 0;
    const first = batch.envelopes[0]?.bookmark.seq;
    if (first !== undefined && first <= lastSeq)
      throw new StoreError('conflict', `Event ${first} comes after event ${lastSeq} was stored.`, {
        advice: 'Another writer took this session over. Open it again.',
      });
    for (const envelope of batch.envelopes)
      session.events.push({
        seq: envelope.bookmark.seq,
        channel: envelope.event.channel,
        json: JSON.stringify(envelope),
      });
    for (const message of batch.messages ?? []) session.messages.push(JSON.stringify(message));
    for (const call of batch.toolCalls ?? []) session.toolCalls.set(call.id, JSON.stringify(call));
    if (batch.todos) session.todos = JSON.stringify(batch.todos);
    if (batch.info) session.info = JSON.stringify(batch.info);
  }

  async barrier(): Promise<void> {
    // Memory does not survive a crash: there is nothing to wait for.
  }

  async load(): Promise<StoredState> {
    const session = this.#session;
    return {
      info: session.info === undefined ? undefined : (parse(session.info) as AgentInfo),
      messages: session.messages.map((json) => parse(json) as Message),
      toolCalls: [...session.toolCalls.values()].map((json) => parse(json) as ToolCallRecord),
      todos: parse(session.todos) as readonly TodoItem[],
      lastSeq: session.events.at(-1)?.seq ?? 0,
    };
  }

  async *readEvents(opts: Parameters<SessionLog['readEvents']>[0] = {}): AsyncIterable<Envelope> {
    const since = opts.since?.seq ?? 0;
    const channels = opts.channels && new Set<string>(opts.channels);
    for (const event of this.#session.events)
      if (event.seq > since && (!channels || channels.has(event.channel))) yield parse(event.json) as Envelope;
  }

  async close(): Promise<void> {
    if (this.#open) this.#session.held = false;
    this.#open = false;
  }
}

/** Gives back what `JSON.stringify` was given a moment ago. */
function parse(json: string): unknown {
  return JSON.parse(json);
}
