// Seed 000, scenario 1: CLI tool.
import { Agent, AgentPool, JSONStore } from 'countersign';
import * as os from 'node:os';
import * as path from 'node:path';
import { stdin, stdout } from 'node:process';
import * as readline from 'node:readline';
import { sandboxFactory, templateRegistry, toolRegistry } from './given.js';

const store = new JSONStore(path.join(os.homedir(), '.my-agent'));
const pool = new AgentPool({
  dependencies: { store, templateRegistry, sandboxFactory, toolRegistry }
});

// Resume or create
const agent = await pool.get('main')
  ?? await pool.create('main', { templateId: 'cli-assistant' });

// Interactive loop
const rl = readline.createInterface({ input: stdin, output: stdout });
for await (const line of rl) {
  await agent.send(line);
  for await (const event of agent.subscribeProgress()) {
    if (event.type === 'text_chunk') process.stdout.write(event.delta);
  }
}
