import { strict as assert } from 'node:assert';
import { Agent } from '../../src/core/agent/agent';
import { MemoryStore } from '../../src/core/store/memoryStore';
import type { Batch } from '../../src/core/store/store';
import { dependenciesFor, workspaceWith, type Workspace } from '../support/agents';

describe('the commits of a step', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await workspaceWith({ 'a.txt': 'one\n' });
  });
  afterEach(() => workspace.remove());

  /** A store that keeps what was committed, each with the flush that followed. */
  function watchedStore(): { readonly store: MemoryStore; readonly batches: (Batch | 'flush')[] } {
    const store = new MemoryStore();
    const batches: (Batch | 'flush')[] = [];
    const open = store.open.bind(store);
    store.open = async (...args) => {
      const log = await open(...args);
      const [commit, barrier] = [log.commit.bind(log), log.barrier.bind(log)];
      log.commit = (batch) => {
        batches.push(batch);
        return commit(batch);
      };
      log.barrier = () => {
        batches.push('flush');
        return barrier();
      };
      return log;
    };
    return { store, batches };
  }

  /** The states of calls that each commit stores; 'flush' where one followed it. */
  async function storedStates(call: { readonly name: string; readonly input: { readonly [name: string]: string } }) {
    const { store, batches } = watchedStore();
    const deps = dependenciesFor({ workspace, script: [{ calls: [call] }, { text: 'Done.' }] });
    const agent = await Agent.create({ templateId: 'test' }, { ...deps, store });
    await agent.complete('Go.');
    await agent[Symbol.asyncDispose]();
    const first = batches.findIndex((batch) => batch !== 'flush' && batch.toolCalls?.length);
    const last = batches.findLastIndex((batch) => batch !== 'flush' && batch.toolCalls?.length);
    return batches
      .slice(first, last + 2)
      .map((batch) => (batch === 'flush' ? batch : (batch.toolCalls ?? []).map(({ state }) => state).join()));
  }

  it('are two where the call only looks: its end is stored with the results', async () => {
    const states = await storedStates({ name: 'fs_read', input: { path: 'a.txt' } });
    assert.deepEqual(states, ['PENDING', 'flush', 'COMPLETED', 'flush']);
  });

  it('are three where it has an effect, which is noted durably before it', async () => {
    const input = { path: 'a.txt', old_string: 'one', new_string: 'two' };
    const states = await storedStates({ name: 'fs_edit', input });
    const executing = states.indexOf('EXECUTING');
    assert.equal(states[executing + 1], 'flush', states.join(' '));
    assert.deepEqual(states.slice(-2), ['COMPLETED', 'flush']);
  });
});
