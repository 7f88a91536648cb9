// Seed 001: health check API, data consistency check, store metrics.
import { AgentPool, createStore } from 'countersign';

const store = await createStore({ type: 'sqlite', dbPath: './agents.db' });
const agent = await new AgentPool({ store }).create(undefined, { templateId: 'cli-assistant' });
await agent.complete('Hello.');
const { agentId } = agent;

const health = await store.healthCheck();

// Response:
// {
//   healthy: true,
//   database: { connected: true, latencyMs: 5 },
//   fileSystem: { writable: true },
//   checkedAt: 1706000000000
// }

const consistency = await store.checkConsistency(agentId);

if (!consistency.consistent) {
  console.error('Consistency issues:', consistency.issues);
}

const metrics = await store.getMetrics();

// {
//   operations: { saves: 1234, loads: 5678, queries: 910, deletes: 11 },
//   performance: { avgLatencyMs: 15.5, maxLatencyMs: 250, minLatencyMs: 2 },
//   storage: { totalAgents: 100, totalMessages: 50000, dbSizeBytes: 104857600 },
//   collectedAt: 1706000000000
// }

console.log(JSON.stringify({ health, consistency, metrics }));
