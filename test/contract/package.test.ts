import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stagePackage } from '../../scripts/pack.mjs';
import { temporaryFolder } from '../../scripts/temporaryFolder.mjs';

/** What an embedding engineer would write: no VS Code, no build. */
const consumer = `
import { AgentPool, AgentTemplateRegistry, LocalSandbox, MemoryStore, ToolRegistry, builtinTools, nodeEnvironment, scriptedModel } from 'countersign';
import { DEFAULT_RETRY_CONFIG, withRetry } from 'countersign/provider';

const templateRegistry = new AgentTemplateRegistry();
templateRegistry.register({ id: 'writer', systemPrompt: 'You write.', permission: { mode: 'auto' } });
const pool = new AgentPool({
  dependencies: {
    store: new MemoryStore(),
    templateRegistry,
    toolRegistry: new ToolRegistry(builtinTools),
    sandboxFactory: () => new LocalSandbox({ workDir: process.cwd() }),
    modelFactory: () => scriptedModel([{ calls: [{ name: 'fs_write', input: { path: 'made.txt', content: 'by an agent' } }] }, { text: 'Done.' }]),
    environment: nodeEnvironment(),
  },
});
const agent = await pool.create('main', { templateId: 'writer' });
const result = await agent.complete('Write.');
const tried = await withRetry(async () => 42, { maxRetries: 1 });
console.log(JSON.stringify({ status: result.status, text: result.text, tried, retries: DEFAULT_RETRY_CONFIG.maxRetries }));
await pool[Symbol.asyncDispose]();
`;

describe('the npm package', function () {
  this.timeout(60_000);

  it('runs an agent in a plain Node project, and lets the process end by itself', async () => {
    const project = temporaryFolder('consumer');
    const installed = join(project, 'node_modules/countersign');
    mkdirSync(join(project, 'node_modules'));
    cpSync(await stagePackage(), installed, { recursive: true });
    writeFileSync(join(project, 'main.mjs'), consumer);
    const output = execFileSync(process.execPath, ['main.mjs'], { cwd: project, encoding: 'utf8', timeout: 20_000 });
    assert.deepEqual(JSON.parse(output), { status: 'ok', text: 'Done.', tried: 42, retries: 3 });
    assert.equal(readFileSync(join(project, 'made.txt'), 'utf8'), 'by an agent');
  });
});
