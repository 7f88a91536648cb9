import { strict as assert } from 'node:assert';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent } from '../../src/core/agent/agent';
import { demoModel } from '../../src/core/model/demo';
import { LocalSandbox } from '../../src/node/localSandbox';
import { dependenciesFor, historyOf, workspaceWith, type Workspace } from '../support/agents';

describe('the demo', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith();
    cpSync('samples/demo-workspace', workspace.folder, { recursive: true });
  });
  afterEach(() => workspace.remove());

  const demoAgent = (): Promise<Agent> =>
    Agent.create(
      {
        templateId: 'test',
        model: demoModel({ testCommand: '"$COUNTERSIGN_NODE" test/run.js', chunkDelayMs: 0 }),
        sandbox: new LocalSandbox({ workDir: workspace.folder, env: { COUNTERSIGN_NODE: process.execPath } }),
        overrides: { permission: { mode: 'approval' } },
      },
      dependenciesFor({ script: [], workspace }),
    );
  const source = (): string => readFileSync(workspace.file('src/invoice.js'), 'utf8');

  it('fixes the failing test with three decisions and reports what the tests really said', async () => {
    const agent = await demoAgent();
    let result = await agent.complete('Fix the failing test.');
    const asked: string[] = [];
    while (result.status === 'paused') {
      const [open] = agent.openApprovals;
      asked.push(open!.call.name);
      await agent.decide(open!.permissionId, 'allow');
      result = await agent.complete();
    }
    assert.equal(result.status, 'ok');
    assert.deepEqual(asked, ['bash_run', 'fs_edit', 'bash_run']);
    assert.match(source(), /\(net - discount\) \* \(taxPercent/);
    const said = (await historyOf(agent))
      .flatMap((event) => (event.type === 'text_chunk_end' ? [event.text] : []))
      .join('\n');
    assert.match(said, /expected 31648, got 32210/);
    assert.match(said, /5 passed, 0 failed/);
    assert.deepEqual(
      agent.getTodos().map((todo) => todo.status),
      ['completed', 'completed', 'completed'],
    );
    await agent[Symbol.asyncDispose]();
  });

  it('says so when the edit is rejected, and leaves the file as it is', async () => {
    const agent = await demoAgent();
    const before = source();
    await agent.complete('Fix it.');
    await agent.decide(agent.openApprovals[0]!.permissionId, 'allow');
    await agent.complete();
    await agent.decide(agent.openApprovals[0]!.permissionId, 'deny', 'Not like this.');
    const result = await agent.complete();
    assert.match(result.text ?? '', /You said: “Not like this\.”/);
    assert.equal(source(), before);
    await agent[Symbol.asyncDispose]();
  });

  it('finds nothing to fix when the tests pass', async () => {
    writeFileSync(
      workspace.file('src/invoice.js'),
      source().replace('net * (taxPercent', () => '(net - discount) * (taxPercent'),
    );
    const agent = await demoAgent();
    await agent.complete('Fix it.');
    await agent.decide(agent.openApprovals[0]!.permissionId, 'allow');
    assert.match((await agent.complete()).text ?? '', /pass already/);
    await agent[Symbol.asyncDispose]();
  });

  it('says that it needs the sample in another project', async () => {
    const other = await workspaceWith({ 'a.txt': 'x' });
    const agent = await Agent.create(
      { templateId: 'test', model: demoModel({ testCommand: 'true', chunkDelayMs: 0 }) },
      dependenciesFor({ script: [], workspace: other }),
    );
    assert.match((await agent.complete('Fix it.')).text ?? '', /Try the Demo/);
    await agent[Symbol.asyncDispose]();
    await other.remove();
  });
});
