import { Agent } from '../../../src/core/agent/agent';
import type { AgentEvent } from '../../../src/core/protocol/events';
import { longTalk } from './compactionSetup';
import { turnDependencies } from './turnSetup';

/** What the test tells it: the store's folder, the workspace, and the event at which it dies. */
const [storeFolder = '', workspaceFolder = '', dieAt = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  const deps = turnDependencies(storeFolder, workspaceFolder);
  const agent = await Agent.create({ agentId: 'tortured', templateId: 'test', model: longTalk() }, deps);
  agent.on('context_compression', die);
  agent.on('token_usage', die);
  await agent.complete('Whatever you do, never touch legacy.js.');
  for (let turn = 1; turn <= 6; turn++) await agent.complete(`Turn ${turn}.`);
  await agent[Symbol.asyncDispose]();
}

/** Everything that listeners hear is durable already: whoever dies here has promised it. */
function die(event: AgentEvent): void {
  if (nameOf(event) === dieAt) process.kill(process.pid, 'SIGKILL');
}

function nameOf(event: AgentEvent): string {
  if (event.type === 'context_compression') return event.phase;
  return event.type === 'token_usage' && event.purpose === 'compaction' ? 'paid' : '';
}

void main();
