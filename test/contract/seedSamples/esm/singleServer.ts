// Seed 001, pattern 2: single server.
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { AgentPool, SqliteStore } from 'countersign';
import { getConfig, sandboxFactory, templateRegistry, toolRegistry } from './given.js';

const app = new Hono();
const store = new SqliteStore('./agents.db', './data');
const pool = new AgentPool({ dependencies: { store, templateRegistry, sandboxFactory, toolRegistry }, maxAgents: 50 });

app.post('/api/agents/:id/message', async (c) => {
  const { id } = c.req.param();
  const { message } = await c.req.json();

  let agent = pool.get(id);
  if (!agent) {
    const exists = await store.exists(id);
    agent = exists
      ? await pool.resume(id, getConfig())
      : await pool.create(id, getConfig());
  }

  const result = await agent.complete(message);
  return c.json(result);
});

app.get('/api/agents/:id/events', async (c) => {
  const { id } = c.req.param();
  const agent = pool.get(id);
  if (!agent) return c.json({ error: 'Agent not found' }, 404);

  return streamSSE(c, async (stream) => {
    for await (const env of agent.subscribe(['progress'])) {
      await stream.writeSSE({ data: JSON.stringify(env.event) });
      if (env.event.type === 'done') break;
    }
  });
});
