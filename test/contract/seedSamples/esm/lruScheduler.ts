// Seed 001, scaling strategy 3: LRU scheduling. Under `strict` a constructor has to give the fields their values; the cache, a package in
// the sample, is a few lines here.
import { Agent, MemoryStore, Store } from 'countersign';
import { config, sandboxFactory, templateRegistry, toolRegistry } from './given.js';

class LRUCache<Key, Value extends AsyncDisposable> extends Map<Key, Value> {
  constructor(readonly max: number) {
    super();
  }

  override set(key: Key, value: Value): this {
    const [oldest] = this;
    if (oldest && this.size >= this.max) {
      this.delete(oldest[0]);
      void oldest[1][Symbol.asyncDispose]();
    }
    return super.set(key, value);
  }
}

const memory = new MemoryStore();
const deps = { store: memory, templateRegistry, sandboxFactory, toolRegistry };

class AgentScheduler {
  private active: LRUCache<string, Agent>;
  private store: Store;

  constructor(store: Store) {
    this.active = new LRUCache(2);
    this.store = store;
  }

  async get(agentId: string): Promise<Agent> {
    if (this.active.has(agentId)) {
      return this.active.get(agentId)!;
    }

    // Resume from storage
    const agent = await Agent.resume(agentId, config, deps);
    this.active.set(agentId, agent);  // LRU eviction handles hibernation

    return agent;
  }
}

for (const agentId of ['a', 'b'])
  await (await Agent.create({ ...config, agentId }, deps))[Symbol.asyncDispose]();
const scheduler = new AgentScheduler(memory);
const one = await scheduler.get('a');
const texts = [(await one.complete('Hello.')).text, (await (await scheduler.get('b')).complete('Hello.')).text];
console.log(JSON.stringify({ same: one === (await scheduler.get('a')), texts }));
