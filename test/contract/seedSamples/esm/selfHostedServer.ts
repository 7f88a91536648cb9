// Seed 000, scenario 3: self-hosted server (single node).
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { AgentPool, JSONStore } from 'countersign';
import { getConfig, sandboxFactory, templateRegistry, toolRegistry } from './given.js';

const app = new Hono();
const store = new JSONStore('/data/agents');
const pool = new AgentPool({ dependencies: { store, templateRegistry, sandboxFactory, toolRegistry }, maxAgents: 50 });

// Send message
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

  await agent.send(message);
  const result = await agent.complete();
  return c.json(result);
});

// SSE events
app.get('/api/agents/:id/events', async (c) => {
  const { id } = c.req.param();
  const agent = pool.get(id);
  if (!agent) return c.json({ error: 'Agent not found' }, 404);

  return streamSSE(c, async (stream) => {
    for await (const event of agent.subscribeProgress()) {
      await stream.writeSSE({ data: JSON.stringify(event) });
    }
  });
});

export default app;
