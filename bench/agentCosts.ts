import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Agent } from '../src/core/agent/agent';
import type { AgentId } from '../src/core/protocol/ids';
import { MemoryStore } from '../src/core/store/memoryStore';
import type { SessionStore } from '../src/core/store/store';
import { JSONStore } from '../src/node/store/jsonStore';
import { SqliteStore } from '../src/node/store/sqliteStore';
import { median, say, timed, title } from './figures';
import { dependenciesOver, modelOf } from './sessions';

/** Steps whose median counts. */
export const steps = 120;
export const sizes = [100, 1_000, 5_000] as const;

export interface Candidate {
  readonly name: string;
  readonly make: (folder: string) => SessionStore;
}

/** The stores that come with the runtime. */
export const candidates: readonly Candidate[] = [
  { name: 'memory', make: () => new MemoryStore() },
  { name: 'sqlite', make: (dir) => new SqliteStore(path.join(dir, 'agents.db')) },
  { name: 'json', make: (dir) => new JSONStore(dir) },
];

/** What a step of a session takes at the median, and the bytes that it writes. */
export async function stepCost(store: SessionStore, id: AgentId, folder: string) {
  const agent = await Agent.resume(id, { model: modelOf(steps) }, dependenciesOver(store, folder));
  const durations: number[] = [];
  let last = performance.now();
  agent.on('step_complete', () => {
    const now = performance.now();
    durations.push(now - last);
    last = now;
  });
  await agent.complete('Warm up.');
  durations.length = 0;
  await agent.setModel(modelOf(steps));
  const before = bytesWritten();
  last = performance.now();
  await agent.complete('Go.');
  const bytes = (bytesWritten() - before) / (steps + 1);
  await agent[Symbol.asyncDispose]();
  // The first one loads the conversation: that is the turn's cost, not the step's.
  return { stepMs: median(durations.slice(1)), bytes };
}

/** How fast streamed text reaches a reader. */
export async function measureDeltas(folder: string): Promise<void> {
  title('text deltas, one by one from the model to a subscriber');
  const deltas = 200_000;
  const deps = dependenciesOver(new MemoryStore(), folder);
  const model = {
    ...modelOf(0),
    async *stream() {
      for (let sent = 0; sent < deltas; sent++) yield { type: 'text', delta: 'word ' } as const;
      yield { type: 'finish', reason: 'stop' } as const;
    },
  };
  const agent = await Agent.create({ templateId: 'bench', model }, deps);
  let characters = 0;
  const { elapsedMs } = await timed(async () => {
    for await (const { event } of agent.stream('Go.'))
      if (event.type === 'text_chunk') characters += event.delta.length;
  });
  if (characters !== deltas * 5) throw new Error(`${characters} of ${deltas * 5} characters came through`);
  say('deltas per second', Math.round((deltas / elapsedMs) * 1_000).toLocaleString('en'), '200,000');
  await agent[Symbol.asyncDispose]();
}

/** What this process has given to write calls; NaN where the system does not say. */
function bytesWritten(): number {
  if (process.platform !== 'linux') return Number.NaN;
  return Number(/^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}
