// Seed 001, pattern 3: worker process.
// worker/index.ts
import { Worker } from 'bullmq';
import { AgentPool, PostgresStore } from 'countersign';
import { redis } from 'redis-stand-in';
import { getConfig, sandboxFactory, templateRegistry, toolRegistry } from './given.js';

declare const pgConfig: object;

const store = new PostgresStore(pgConfig, './data');
const pool = new AgentPool({ dependencies: { store, templateRegistry, sandboxFactory, toolRegistry }, maxAgents: 50 });

const worker = new Worker('agent-tasks', async (job) => {
  const { agentId, message } = job.data;

  // Acquire distributed lock
  const release = await store.acquireAgentLock(agentId);

  try {
    let agent = pool.get(agentId);
    if (!agent) {
      const exists = await store.exists(agentId);
      agent = exists
        ? await pool.resume(agentId, getConfig(job.data))
        : await pool.create(agentId, getConfig(job.data));
    }

    await agent.send(message);

    // Stream events to Redis Pub/Sub
    for await (const env of agent.subscribe(['progress'])) {
      await redis.publish(`agent:${agentId}:events`, JSON.stringify(env.event));
      if (env.event.type === 'done') break;
    }
  } finally {
    await release();
  }
}, { connection: redis });

// Periodic cleanup: hibernate idle agents
setInterval(async () => {
  for (const agentId of pool.list()) {
    const agent = pool.get(agentId);
    if (agent && agent.idleTime > 60_000) {
      await agent.persistInfo();
      pool.delete(agentId);
    }
  }
}, 30_000);
