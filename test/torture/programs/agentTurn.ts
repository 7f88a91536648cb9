import { Agent } from '../../../src/core/agent/agent';
import type { AgentEvent } from '../../../src/core/protocol/events';
import { effectCalls, turnDependencies } from './turnSetup';

/** What the tests tell it: the store's folder, the workspace, and the event at which it dies, or 'never'. */
const [storeFolder = '', workspaceFolder = '', dieAt = 'never'] = process.argv.slice(2);

async function main(): Promise<void> {
  const deps = turnDependencies(storeFolder, workspaceFolder);
  const agent = await Agent.create({ agentId: 'tortured', templateId: 'test', model: effectCalls() }, deps);
  agent.on('permission_required', async (event) => {
    die(event);
    await event.respond?.('allow');
  });
  for (const type of watched) agent.on(type, die);
  console.log('started');
  await agent.complete('Go.', { onPause: 'wait' });
  console.log('finished');
  await agent[Symbol.asyncDispose]();
}

const watched = [
  ...(['user_message', 'breakpoint_changed', 'text_chunk', 'text_chunk_end', 'tool:start', 'tool:update'] as const),
  ...(['tool:progress', 'tool:end', 'permission_decided', 'step_complete', 'done', 'state_changed'] as const),
];

/** Everything that listeners hear is durable already: whoever dies here has promised it. */
function die(event: AgentEvent): void {
  if (nameOf(event) !== dieAt) return;
  process.kill(process.pid, 'SIGKILL');
}

function nameOf(event: AgentEvent): string {
  if (event.type === 'breakpoint_changed') return `breakpoint:${event.current}`;
  if (event.type === 'tool:update') return `tool:update:${event.call.state}`;
  return event.type;
}

void main();
