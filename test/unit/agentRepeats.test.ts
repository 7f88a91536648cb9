import { strict as assert } from 'node:assert';
import type { ScriptedAnswer, ScriptedTurn } from '../../src/core/model/scripted';
import { historyOf, testAgent, workspaceWith, type Workspace } from '../support/agents';

const edit = (find: string): ScriptedAnswer => ({
  calls: [{ name: 'fs_edit', input: { path: 'a.txt', old_string: find, new_string: 'x' } }],
});
const read: ScriptedTurn = { calls: [{ name: 'fs_read', input: { path: 'a.txt' } }] };
const write: ScriptedTurn = { calls: [{ name: 'fs_write', input: { path: 'b.txt', content: 'new' } }] };

describe('a call that fails again and again', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one\n' });
  });
  afterEach(() => workspace.remove());

  const endOf = async (script: readonly ScriptedTurn[]): Promise<readonly unknown[]> => {
    const agent = await testAgent({ workspace, script });
    try {
      await agent.complete('Go.');
      const done = (await historyOf(agent)).find((event) => event.type === 'done');
      return done?.type === 'done' ? [done.reason, done.error?.code, done.step] : [];
    } finally {
      await agent[Symbol.asyncDispose]();
    }
  };

  it('ends the turn the third time, reads in between or not', async () => {
    assert.deepEqual(await endOf([edit('two'), read, edit('two'), read, edit('two'), { text: 'Never said.' }]), [
      ...['failed', 'repeated_failure', 5],
    ]);
  });

  it('ends it when one answer asks for it three times', async () => {
    const calls = [edit('two'), edit('two'), edit('two')].flatMap((turn) => turn.calls ?? []);
    assert.deepEqual(await endOf([{ calls }, { text: 'Never said.' }]), ['failed', 'repeated_failure', 1]);
  });

  it('is no end when something was changed in between, or the calls differ', async () => {
    const changed = [edit('two'), edit('two'), write, edit('two'), { text: 'Done.' }];
    assert.deepEqual(await endOf(changed), ['completed', undefined, 5]);
    const different = [edit('two'), edit('three'), edit('four'), { text: 'Done.' }];
    assert.deepEqual(await endOf(different), ['completed', undefined, 4]);
  });

  it('counts within one turn only', async () => {
    const agent = await testAgent({
      workspace,
      script: [edit('two'), edit('two'), { text: 'No.' }, edit('two'), { text: 'Still no.' }],
    });
    assert.equal((await agent.complete('Go.')).status, 'ok');
    assert.equal((await agent.complete('Again.')).status, 'ok');
    await agent[Symbol.asyncDispose]();
  });

  it('says what failed and what a person can do', async () => {
    const agent = await testAgent({ workspace, script: [edit('two'), edit('two'), edit('two')] });
    await agent.complete('Go.');
    const done = (await historyOf(agent)).find((event) => event.type === 'done');
    const error = done?.type === 'done' ? done.error : undefined;
    assert.match(error?.message ?? '', /^The same fs_edit call failed 3 times .* is not in the file/s);
    assert.match(error?.advice ?? '', /do differently/);
    await agent[Symbol.asyncDispose]();
  });
});
