// Seed 000, scenario 1: CLI tool, in a CommonJS project (which has no `await` outside of functions).
import {
  AgentPool,
  AgentTemplateRegistry,
  JSONStore,
  SandboxFactory,
  ToolRegistry,
  builtinTemplates,
  builtinTools,
} from 'countersign';
import { RateLimitError } from 'countersign/provider';
import * as os from 'node:os';
import * as path from 'node:path';
import { stdin, stdout } from 'node:process';
import * as readline from 'node:readline';

const templateRegistry = new AgentTemplateRegistry();
templateRegistry.bulkRegister(builtinTemplates);
const sandboxFactory = new SandboxFactory();
const toolRegistry = new ToolRegistry(builtinTools);

async function main() {
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
}

main().catch((error: unknown) => {
  console.error(error instanceof RateLimitError ? 'Later.' : error);
  process.exitCode = 1;
});
