// Seed 001, pattern 1: single process (CLI, desktop).
import { Agent, AgentPool, JSONStore } from 'countersign';
import * as path from 'path';
import * as os from 'os';
import { createInterface } from 'readline';
import { sandboxFactory, templateRegistry, toolRegistry } from './given.js';

const store = new JSONStore(path.join(os.homedir(), '.my-agent'));
const pool = new AgentPool({ dependencies: { store, templateRegistry, sandboxFactory, toolRegistry } });

// Resume or create
const agent = pool.get('main') ?? await pool.create('main', { templateId: 'cli-assistant' });

const readline = createInterface({ input: process.stdin });

// Interactive loop
for await (const line of readline) {
  await agent.send(line);
  for await (const env of agent.subscribe(['progress'])) {
    if (env.event.type === 'text_chunk') process.stdout.write(env.event.delta);
    if (env.event.type === 'done') break;
  }
}
