// Seed 000, scenario 4, and seed 001, pattern 3: API server (stateless).
// api/routes/agent.ts
import { Queue } from 'bullmq';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { redis } from 'redis-stand-in';

const app = new Hono();
const queue = new Queue('agent-tasks', { connection: redis });

app.post('/api/agents/:id/message', async (c) => {
  const { id } = c.req.param();
  const { message } = await c.req.json();

  // Add job to queue
  const job = await queue.add('process-message', {
    agentId: id,
    message,
    userId: c.get('userId'),
  });

  return c.json({ jobId: job.id, status: 'queued' });
});

app.get('/api/agents/:id/events', async (c) => {
  const { id } = c.req.param();

  // Subscribe to Redis pub/sub
  return streamSSE(c, async (stream) => {
    const sub = redis.duplicate();
    await sub.subscribe(`agent:${id}:events`);

    sub.on('message', (channel, message) => {
      stream.writeSSE({ data: message });
    });
  });
});
