import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';
import { scriptedModel } from '../../src/core/model/scripted';
import { MemoryStore } from '../../src/core/store/memoryStore';
import type { JsonObject } from '../../src/core/util/json';
import { AgentPool } from '../../src/node/agentPool';
import { LocalSandbox } from '../../src/node/localSandbox';
import { historyOf } from '../support/agents';
import { useTempFolder } from '../support/tempFolder';

/** As the runtime seeds configure it: a work folder, the boundary held, one more folder allowed. */
describe('attack: file tools that leave a sandbox with a boundary', () => {
  const temp = useTempFolder();
  const at = (name: string): string => path.join(temp.path, name);
  beforeEach(async () => {
    await temp.write({ 'ws/a.txt': 'inside', 'tmp/b.txt': 'allowed', 'WS/secret': 'secret', 'out/secret': 'secret' });
    symlinkSync(at('out'), at('ws/link'));
    symlinkSync(at('out/secret'), at('ws/secret-link'));
    symlinkSync(at('out/new'), at('ws/new-link'));
  });

  /** What the calls came to, with nobody asked. */
  const outcomes = async (calls: readonly { readonly name: string; readonly input: JsonObject }[]) => {
    const sandbox = new LocalSandbox({ workDir: at('ws'), enforceBoundary: true, allowPaths: [at('ws'), at('tmp')] });
    await using pool = new AgentPool({ store: new MemoryStore() });
    const agent = await pool.create('main', {
      templateId: 'coding-assistant',
      model: scriptedModel([...calls.map((call) => ({ calls: [call] })), { text: 'Done.' }]),
      sandbox,
      overrides: { permission: { mode: 'auto' } },
    });
    assert.equal((await agent.complete('Go.')).status, 'ok');
    const events = await historyOf(agent);
    return events.flatMap((event) => {
      if (event.type === 'tool:end') return [event.call.state];
      return event.type === 'tool:error'
        ? [/outside of the workspace|leads nowhere/.test(event.error) ? 'outside' : event.error]
        : [];
    });
  };

  const outside = (): readonly string[] => [
    '../out/secret',
    'link/../../out/secret',
    at('out/secret'),
    'link/secret',
    'secret-link',
    // Where letters differ by case: elsewhere it is the work folder itself.
    ...(existsSync(at('ws/secret')) ? [] : ['../WS/secret', at('WS/secret')]),
  ];

  it('refuses to read and search there', async () => {
    // Three failures of one call in a row would end the turn: each path is tried by itself.
    for (const file of outside())
      assert.deepEqual(
        await outcomes([
          { name: 'fs_read', input: { path: file } },
          { name: 'fs_grep', input: { pattern: 'secret', path: file } },
        ]),
        ['outside', 'outside'],
        file,
      );
  });

  it('refuses to write there, new files and through links too', async () => {
    for (const file of [...outside(), '../out/new', 'link/new', 'new-link', at('out/new')])
      assert.deepEqual(
        await outcomes([
          { name: 'fs_write', input: { path: file, content: 'taken' } },
          { name: 'fs_edit', input: { path: file, old_string: 'secret', new_string: 'taken' } },
          { name: 'fs_multi_edit', input: { edits: [{ path: file, find: 'secret', replace: 'taken' }] } },
        ]),
        ['outside', 'outside', 'outside'],
        file,
      );
    for (const file of ['out/secret', 'WS/secret']) assert.equal(readFileSync(at(file), 'utf8'), 'secret');
    assert.equal(existsSync(at('out/new')), false);
  });

  it('lets them work inside, and in what is allowed beside it', async () => {
    const calls = [
      { name: 'fs_read', input: { path: 'a.txt' } },
      { name: 'fs_read', input: { path: at('tmp/b.txt') } },
      { name: 'fs_write', input: { path: at('tmp/c.txt'), content: 'made' } },
    ];
    assert.deepEqual(await outcomes(calls), ['COMPLETED', 'COMPLETED', 'COMPLETED']);
    assert.equal(readFileSync(at('tmp/c.txt'), 'utf8'), 'made');
  });
});
