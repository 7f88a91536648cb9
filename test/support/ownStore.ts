import type { Bookmark } from '../../src/core/protocol/events';
import type { Message } from '../../src/core/protocol/messages';
import type { ToolCallRecord } from '../../src/core/protocol/toolCalls';
import type { Store, Timeline, TodoSnapshot } from '../../src/core/store/documentedStore';
import type { AgentInfo, Snapshot } from '../../src/core/store/store';
import type { JsonObject } from '../../src/core/util/json';

/**
 * A store as a user writes it: the first seed's PostgresStore with its tables in memory, rows as JSON text. Like that one it compares
 * `since.seq` with a number that all agents share, and takes `_` and `%` in a prefix for any character.
 */
export class OwnStore implements Store {
  protected readonly tables = { agents: new Map<string, string>(), messages: new Map<string, string>() };
  readonly #records = new Map<string, string>();
  #events: { readonly id: number; readonly agentId: string; readonly channel: string; readonly json: string }[] = [];
  #lastId = 0;
  /** The names of the saving methods, in the order of their calls. */
  readonly calls: string[] = [];
  /** Whether this call fails, as one does when the network is gone. */
  fails: (method: string) => boolean = () => false;

  async saveMessages(agentId: string, messages: Message[]): Promise<void> {
    this.query('saveMessages');
    this.tables.messages.set(agentId, JSON.stringify(messages));
  }

  async loadMessages(agentId: string): Promise<Message[]> {
    return (read(this.tables.messages, agentId) ?? []) as Message[];
  }

  async saveToolCallRecords(agentId: string, records: ToolCallRecord[]): Promise<void> {
    this.query('saveToolCallRecords');
    this.#records.set(agentId, JSON.stringify(records));
  }

  async loadToolCallRecords(agentId: string): Promise<ToolCallRecord[]> {
    return (read(this.#records, agentId) ?? []) as ToolCallRecord[];
  }

  async appendEvent(agentId: string, timeline: Timeline): Promise<void> {
    this.query('appendEvent');
    const { channel } = timeline.event;
    this.#events.push({ id: ++this.#lastId, agentId, channel, json: JSON.stringify(timeline) });
  }

  async *readEvents(agentId: string, opts?: { since?: Bookmark; channel?: string }): AsyncIterable<Timeline> {
    for (const row of this.#events.slice()) {
      const timeline = JSON.parse(row.json) as Timeline;
      const isAfter = opts?.since === undefined || this.isAfter(opts.since, timeline, row.id);
      if (row.agentId === agentId && isAfter && (opts?.channel ?? row.channel) === row.channel) yield timeline;
    }
  }

  async saveInfo(agentId: string, info: AgentInfo): Promise<void> {
    this.query('saveInfo');
    this.tables.agents.set(agentId, JSON.stringify(info));
  }

  async loadInfo(agentId: string): Promise<AgentInfo | undefined> {
    return read(this.tables.agents, agentId) as AgentInfo | undefined;
  }

  async exists(agentId: string): Promise<boolean> {
    return this.tables.agents.has(agentId);
  }

  async delete(agentId: string): Promise<void> {
    this.query('delete');
    for (const table of [this.tables.agents, this.tables.messages, this.#records]) table.delete(agentId);
    this.#events = this.#events.filter((row) => row.agentId !== agentId);
  }

  async list(prefix?: string): Promise<string[]> {
    return [...this.tables.agents.keys()].filter((id) => this.isLike(id, prefix ?? ''));
  }

  /** The seed's fault: a number of the table, where the event's own belongs. */
  protected isAfter(since: Bookmark, _timeline: Timeline, id: number): boolean {
    return id > since.seq;
  }

  /** The seed's fault: `LIKE` without an escape. */
  protected isLike(id: string, prefix: string): boolean {
    const asPattern = (sign: string): string => (sign === '%' ? '.*' : sign === '_' ? '.' : `\\${sign}`);
    const pattern = prefix.replace(/[^a-zA-Z0-9]/g, asPattern);
    return new RegExp(`^${pattern}`, 's').test(id);
  }

  protected query(method: string): void {
    if (this.fails(method)) throw new Error('Connection terminated unexpectedly');
    this.calls.push(method);
  }
}

/** The same with every method that may be left out, and without the seed's faults. */
export class WholeOwnStore extends OwnStore {
  readonly #beside = new Map<string, string>();

  protected override isAfter(since: Bookmark, timeline: Timeline): boolean {
    return timeline.bookmark.seq > since.seq;
  }

  protected override isLike(id: string, prefix: string): boolean {
    return id.startsWith(prefix);
  }

  override async delete(agentId: string): Promise<void> {
    await super.delete(agentId);
    for (const key of this.#beside.keys()) if (key.startsWith(`${agentId}/`)) this.#beside.delete(key);
  }

  async saveTodos(agentId: string, snapshot: TodoSnapshot): Promise<void> {
    this.#put(agentId, 'todos', snapshot);
  }

  async loadTodos(agentId: string): Promise<TodoSnapshot | undefined> {
    return read(this.#beside, `${agentId}/todos`) as TodoSnapshot | undefined;
  }

  async saveSnapshot(agentId: string, snapshot: Snapshot): Promise<void> {
    this.#put(agentId, `snapshot/${snapshot.id}`, snapshot);
  }

  async loadSnapshot(agentId: string, snapshotId: string): Promise<Snapshot | undefined> {
    return read(this.#beside, `${agentId}/snapshot/${snapshotId}`) as Snapshot | undefined;
  }

  async listSnapshots(agentId: string): Promise<Snapshot[]> {
    return this.#all(agentId, 'snapshot') as unknown as Snapshot[];
  }

  async saveHistoryWindow(agentId: string, window: JsonObject): Promise<void> {
    this.#add(agentId, 'window', window);
  }

  async loadHistoryWindows(agentId: string): Promise<JsonObject[]> {
    return this.#all(agentId, 'window');
  }

  async saveCompressionRecord(agentId: string, record: JsonObject): Promise<void> {
    this.#add(agentId, 'compression', record);
  }

  async loadCompressionRecords(agentId: string): Promise<JsonObject[]> {
    return this.#all(agentId, 'compression');
  }

  #add(agentId: string, kind: string, body: JsonObject): void {
    this.#put(agentId, `${kind}/${typeof body['id'] === 'string' ? body['id'] : this.#beside.size}`, body);
  }

  #put(agentId: string, name: string, value: unknown): void {
    this.query(name);
    this.#beside.set(`${agentId}/${name}`, JSON.stringify(value));
  }

  #all(agentId: string, kind: string): JsonObject[] {
    const keys = [...this.#beside.keys()].filter((key) => key.startsWith(`${agentId}/${kind}/`));
    return keys.map((key) => read(this.#beside, key) as JsonObject);
  }
}

function read(table: ReadonlyMap<string, string>, agentId: string): unknown {
  const json = table.get(agentId);
  return json === undefined ? undefined : JSON.parse(json);
}
