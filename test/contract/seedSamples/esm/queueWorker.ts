// Seed 000, scenario 4: worker.
// worker/index.ts
import { Worker } from 'bullmq';
import { AgentPool } from 'countersign';
import { Pool } from 'pg';
import { redis } from 'redis-stand-in';
import { getConfig, sandboxFactory, templateRegistry, toolRegistry } from './given.js';
import { PostgresStore } from './postgresStore.js';

const pgPool = new Pool();
const store = new PostgresStore(pgPool);
const pool = new AgentPool({ dependencies: { store, templateRegistry, sandboxFactory, toolRegistry }, maxAgents: 50 });

const worker = new Worker('agent-tasks', async (job) => {
  const { agentId, message } = job.data;

  // Get or resume agent
  let agent = pool.get(agentId);
  if (!agent) {
    const exists = await store.exists(agentId);
    agent = exists
      ? await pool.resume(agentId, getConfig(job.data))
      : await pool.create(agentId, getConfig(job.data));
  }

  // Process
  await agent.send(message);

  // Stream events to Redis
  for await (const event of agent.subscribeProgress()) {
    await redis.publish(`agent:${agentId}:events`, JSON.stringify(event));

    if (event.type === 'done') break;
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
