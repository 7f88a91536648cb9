// Seed 001: graceful shutdown.
import { AgentPool, SqliteStore } from 'countersign';
import { createServer } from 'node:http';

const server = createServer().listen(0);
const store = new SqliteStore('./agents.db', './data');
const pool = new AgentPool({ store });

async function gracefulShutdown() {
  // 1. Stop accepting new requests
  server.close();

  // 2. Interrupt running agents
  for (const agentId of pool.list()) {
    const agent = pool.get(agentId);
    if (agent) await agent.interrupt();
  }

  // 3. Close database connections
  await store.close();

  process.exit(0);
}

process.on('SIGTERM', gracefulShutdown);
process.on('SIGINT', gracefulShutdown);

const agent = await pool.create('main', { templateId: 'cli-assistant' });
agent.on('permission_required', () => console.log('waiting'));
const { status } = await agent.complete('Run it.');
console.log(status);
