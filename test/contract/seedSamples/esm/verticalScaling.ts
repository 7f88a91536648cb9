// Seed 001, scaling strategy 1: vertical scaling.
import { AgentPool, SqliteStore } from 'countersign';

const pool = new AgentPool({
  maxAgents: 100,  // Increase from default 50
  store: new SqliteStore('./agents.db', './data'),
});

const agents = await Promise.all(
  Array.from({ length: 60 }, (_, index) => pool.create(`agent-${index}`, { templateId: 'cli-assistant' })),
);
const results = await Promise.all(agents.slice(0, 5).map((agent) => agent.complete('Hello.')));
console.log(JSON.stringify({ size: pool.size(), statuses: results.map(({ status }) => status) }));
