// Seed 001: using agent locks.
import { Agent, SqliteStore } from 'countersign';
import { sandboxFactory, templateRegistry, toolRegistry } from './given.js';

const store = new SqliteStore('./agents.db', './data');
const deps = { store, templateRegistry, toolRegistry, sandboxFactory };
const agentId = 'main';
await (await Agent.create({ templateId: 'cli-assistant', agentId }, deps))[Symbol.asyncDispose]();

const release = await store.acquireAgentLock(agentId, 30000);

try {
  const agent = await Agent.resumeFromStore(agentId, deps);
  await agent.send('Process this task');
} finally {
  await release();
}
