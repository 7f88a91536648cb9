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

/** How often a store was asked to keep something, and to make it durable: with SQLite that is one fdatasync. */
export interface Counts {
  commits: number;
  flushes: number;
}

/** Counts what is asked of the logs that this store opens from now on. */
export function counted(store: SessionStore): Counts {
  const counts: Counts = { commits: 0, flushes: 0 };
  const open = store.open.bind(store);
  store.open = async (...args) => {
    const log = await open(...args);
    const [commit, barrier] = [log.commit.bind(log), log.barrier.bind(log)];
    log.commit = (batch) => {
      counts.commits++;
      return commit(batch);
    };
    log.barrier = () => {
      counts.flushes++;
      return barrier();
    };
    return log;
  };
  return counts;
}

/** What a step of a session takes at the median and of the processor on average, and what it writes. */
export async function stepCost(store: SessionStore, id: AgentId, folder: string) {
  const counts = counted(store);
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
  const [before, countsBefore] = [bytesWritten(), { ...counts }];
  last = performance.now();
  const { cpuMs } = await timed(() => agent.complete('Go.'));
  const perStep = (sum: number): number => sum / (steps + 1);
  const bytes = perStep(bytesWritten() - before);
  const [commits, flushes] = [counts.commits - countsBefore.commits, counts.flushes - countsBefore.flushes];
  await agent[Symbol.asyncDispose]();
  // The first one loads the conversation: that is the turn's cost, not the step's.
  return {
    ...{ stepMs: median(durations.slice(1)), bytes },
    ...{ cpuMs: perStep(cpuMs), commits: perStep(commits), flushes: perStep(flushes) },
  };
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
  const { elapsedMs, cpuMs } = await timed(async () => {
    for await (const { event } of agent.stream('Go.'))
      if (event.type === 'text_chunk') characters += event.delta.length;
  });
  if (characters !== deltas * 5) throw new Error(`${characters} of ${deltas * 5} characters came through`);
  const rate = (tookMs: number): string => Math.round((deltas / tookMs) * 1_000).toLocaleString('en');
  say('deltas per second', rate(elapsedMs), '200,000');
  say('deltas per second of processor time', rate(cpuMs), '200,000');
  await agent[Symbol.asyncDispose]();
}

/** What this process has given to write calls; NaN where the system does not say. */
function bytesWritten(): number {
  if (process.platform !== 'linux') return Number.NaN;
  return Number(/^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}
