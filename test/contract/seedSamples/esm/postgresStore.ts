// Seed 000, custom store: PostgresStore.
import { Store, Message, ToolCallRecord, Timeline, Bookmark, AgentInfo, Snapshot, TodoSnapshot } from 'countersign';
import { Pool } from 'pg';

export class PostgresStore implements Store {
  constructor(private pool: Pool) {}

  // === Runtime State ===

  async saveMessages(agentId: string, messages: Message[]): Promise<void> {
    await this.pool.query(`
      INSERT INTO agent_messages (agent_id, messages, updated_at)
      VALUES ($1, $2, NOW())
      ON CONFLICT (agent_id) DO UPDATE SET messages = $2, updated_at = NOW()
    `, [agentId, JSON.stringify(messages)]);
  }

  async loadMessages(agentId: string): Promise<Message[]> {
    const { rows } = await this.pool.query(
      'SELECT messages FROM agent_messages WHERE agent_id = $1',
      [agentId]
    );
    return rows[0]?.messages || [];
  }

  async saveToolCallRecords(agentId: string, records: ToolCallRecord[]): Promise<void> {
    await this.pool.query(`
      INSERT INTO agent_tool_records (agent_id, records, updated_at)
      VALUES ($1, $2, NOW())
      ON CONFLICT (agent_id) DO UPDATE SET records = $2, updated_at = NOW()
    `, [agentId, JSON.stringify(records)]);
  }

  async loadToolCallRecords(agentId: string): Promise<ToolCallRecord[]> {
    const { rows } = await this.pool.query(
      'SELECT records FROM agent_tool_records WHERE agent_id = $1',
      [agentId]
    );
    return rows[0]?.records || [];
  }

  // === Events ===

  async appendEvent(agentId: string, timeline: Timeline): Promise<void> {
    await this.pool.query(`
      INSERT INTO agent_events (agent_id, channel, event, created_at)
      VALUES ($1, $2, $3, NOW())
    `, [agentId, timeline.event.channel, JSON.stringify(timeline)]);
  }

  async *readEvents(agentId: string, opts?: { since?: Bookmark; channel?: string }): AsyncIterable<Timeline> {
    const conditions = ['agent_id = $1'];
    const params: any[] = [agentId];
    let paramIndex = 2;

    if (opts?.since) {
      conditions.push(`id > $${paramIndex++}`);
      params.push(opts.since.seq);
    }
    if (opts?.channel) {
      conditions.push(`channel = $${paramIndex++}`);
      params.push(opts.channel);
    }

    const { rows } = await this.pool.query(`
      SELECT event FROM agent_events
      WHERE ${conditions.join(' AND ')}
      ORDER BY id ASC
    `, params);

    for (const row of rows) {
      yield row.event;
    }
  }

  // ... implement remaining methods (history, snapshots, metadata, lifecycle)

  async saveTodos(agentId: string, snapshot: TodoSnapshot): Promise<void> {
    await this.put(agentId, 'todos', snapshot);
  }

  async loadTodos(agentId: string): Promise<TodoSnapshot | undefined> {
    return this.get(agentId, 'todos');
  }

  async saveHistoryWindow(agentId: string, window: object): Promise<void> {
    await this.add(agentId, 'windows', window);
  }

  async loadHistoryWindows(agentId: string) {
    return (await this.get(agentId, 'windows')) ?? [];
  }

  async saveCompressionRecord(agentId: string, record: object): Promise<void> {
    await this.add(agentId, 'compressions', record);
  }

  async loadCompressionRecords(agentId: string) {
    return (await this.get(agentId, 'compressions')) ?? [];
  }

  async saveRecoveredFile(agentId: string, file: object): Promise<void> {
    await this.add(agentId, 'recovered', file);
  }

  async loadRecoveredFiles(agentId: string) {
    return (await this.get(agentId, 'recovered')) ?? [];
  }

  async saveMediaCache(agentId: string, records: readonly object[]): Promise<void> {
    await this.put(agentId, 'media', records);
  }

  async loadMediaCache(agentId: string) {
    return (await this.get(agentId, 'media')) ?? [];
  }

  async saveSnapshot(agentId: string, snapshot: Snapshot): Promise<void> {
    await this.add(agentId, 'snapshots', snapshot);
  }

  async loadSnapshot(agentId: string, snapshotId: string): Promise<Snapshot | undefined> {
    return (await this.listSnapshots(agentId)).find(({ id }) => id === snapshotId);
  }

  async listSnapshots(agentId: string): Promise<Snapshot[]> {
    return (await this.get(agentId, 'snapshots')) ?? [];
  }

  async saveInfo(agentId: string, info: AgentInfo): Promise<void> {
    await this.put(agentId, 'info', info);
  }

  async loadInfo(agentId: string): Promise<AgentInfo | undefined> {
    return this.get(agentId, 'info');
  }

  private async get(agentId: string, key: string): Promise<any> {
    const { rows } = await this.pool.query('SELECT value FROM agent_values WHERE agent_id = $1 AND key = $2', [agentId, key]);
    return rows[0]?.value;
  }

  private async put(agentId: string, key: string, value: unknown): Promise<void> {
    await this.pool.query(`
      INSERT INTO agent_values (agent_id, key, value)
      VALUES ($1, $2, $3)
      ON CONFLICT (agent_id, key) DO UPDATE SET value = $3
    `, [agentId, key, JSON.stringify(value)]);
  }

  private async add(agentId: string, key: string, value: object): Promise<void> {
    await this.put(agentId, key, [...(await this.get(agentId, key)) ?? [], value]);
  }

  async exists(agentId: string): Promise<boolean> {
    const { rows } = await this.pool.query(
      'SELECT 1 FROM agents WHERE id = $1',
      [agentId]
    );
    return rows.length > 0;
  }

  async delete(agentId: string): Promise<void> {
    await this.pool.query('DELETE FROM agents WHERE id = $1', [agentId]);
  }

  async list(prefix?: string): Promise<string[]> {
    const { rows } = await this.pool.query(
      prefix
        ? 'SELECT id FROM agents WHERE id LIKE $1'
        : 'SELECT id FROM agents',
      prefix ? [`${prefix}%`] : []
    );
    return rows.map(r => r.id);
  }
}
