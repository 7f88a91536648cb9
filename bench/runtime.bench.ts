import { mkdtempSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Agent } from '../src/core/agent/agent';
import { AgentPool } from '../src/core/agent/agentPool';
import { newAgentId } from '../src/core/protocol/ids';
import type { SessionStore } from '../src/core/store/store';
import { mapTogether } from '../src/core/util/mapTogether';
import { bareFlushes } from './bareFlushes';
import { candidates, counted, measureDeltas, sizes, stepCost } from './agentCosts';
import { heapBytes, kb, median, ms, say, timed, times, title } from './figures';
import { NoOpStore } from './noOpStore';
import { dependenciesOver, modelOf, writeHistory } from './sessions';

/** How many agents rest at the same time; fewer with an argument, as in `npm run bench:runtime -- 200`. */
const idleCount = Number(process.argv[2] ?? 2_000);

/**
 * What the runtime itself costs, store by store, as ratios to one that stores nothing. Time of the processor counts all threads
 * of the process and leaves out waiting: on a machine that does other things too it is the figure to compare.
 */
async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-bench-'));
  try {
    const base = await measureStore('no store', new NoOpStore(), folder, undefined);
    for (const { name, make } of candidates) await measureStore(name, make(path.join(folder, name)), folder, base);
    await measureDeltas(folder);
    const sqlite = candidates.find(({ name }) => name === 'sqlite');
    if (sqlite) await measureMany(sqlite.make(path.join(folder, 'many')), folder);
    title('what the figures cannot reach');
    say('the disk alone: two writes of 11 KB, each flushed', ms(await bareFlushes(folder)));
    for (const line of limits) console.log(line);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const limits = [
  'A step commits twice: the answer before its call runs, the result before it is sent. Each is a flush that the disk is waited',
  'for, so a step takes at least two fdatasync more than without a store (on two busy cores: 1.2 to 1.9 ms more with sqlite,',
  'of the processor 0.8 to 1.8 ms). A call with an effect takes a third, before it runs.',
  'Creating on files makes a folder that another process could be making too: a lease, an entry for the list, the history; about',
  '30 calls to the file system, whose hand-over to other threads and back is most of the 4 ms that json takes. SQLite opens its',
  'database and writes 5 flushes for 2 ms more. Without a store an agent is made in half a millisecond.',
];

interface Costs {
  /** Milliseconds of one step, by the messages that the session has. */
  readonly step: readonly number[];
  /** The same of the processor, on average. */
  readonly stepCpu: readonly number[];
  readonly create: number;
  /** Of the processor alone: what the disk is waited for is left out. */
  readonly createCpu: number;
  readonly first: number;
  readonly resume: number;
}

async function measureStore(name: string, store: SessionStore, folder: string, base?: Costs): Promise<Costs> {
  title(`${name}${base ? ', and how often it is what the runtime takes without a store' : ''}`);
  const [step, stepCpu]: [number[], number[]] = [[], []];
  let counts = '';
  // The first steps of a process are interpreted: without them it is what a step takes for the rest of the day.
  const first = newAgentId();
  await writeHistory(store, first, 100);
  await stepCost(store, first, folder);
  for (const size of sizes) {
    const id = newAgentId();
    await writeHistory(store, id, size);
    const cost = await stepCost(store, id, folder);
    step.push(cost.stepMs);
    stepCpu.push(cost.cpuMs);
    counts = `${cost.commits.toFixed(2)} / ${cost.flushes.toFixed(2)}`;
  }
  const costs: Costs = { step, stepCpu, ...(await measureOpening(store, folder)) };
  const against = (cost: number, of: number | undefined): string => (of ? `${ms(cost)} ${times(cost / of)}` : ms(cost));
  for (const [place, size] of sizes.entries())
    say(`a step at ${size} messages, median`, against(step[place] ?? 0, base?.step[place]));
  for (const [place, size] of sizes.entries())
    say(`a step at ${size} messages, processor`, against(stepCpu[place] ?? 0, base?.stepCpu[place]));
  say('commits and flushes of a step', counts, '2.00 / 2.00');
  say('a step at 5,000 messages against one at 100', times((step.at(-1) ?? 0) / (step[0] ?? 1)), '1.30x');
  if (base) {
    const more = (of: readonly number[], than: readonly number[]): string => ms((of[0] ?? 0) - (than[0] ?? 0));
    say('what a step at 100 messages takes more, median', more(step, base.step), '1 ms with sqlite');
    say('what a step at 100 messages takes more, processor', more(stepCpu, base.stepCpu), '1 ms with sqlite');
  }
  say('create', against(costs.create, base?.create));
  say('create, time of the processor alone', against(costs.createCpu, base?.createCpu), '1 ms');
  say('first complete', against(costs.first, base?.first));
  say('resume of 1,000 messages', against(costs.resume, base?.resume));
  return costs;
}

async function measureOpening(store: SessionStore, folder: string): Promise<Omit<Costs, 'step' | 'stepCpu'>> {
  const deps = dependenciesOver(store, folder);
  const long = newAgentId();
  await writeHistory(store, long, 1_000);
  const [create, createCpu, first, resume]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let round = 0; round < 25; round++) {
    const made = await timed(() => Agent.create({ templateId: 'bench', model: modelOf(0) }, deps));
    createCpu.push(made.cpuMs);
    create.push(made.elapsedMs);
    first.push((await timed(() => made.value.complete('Go.'))).elapsedMs);
    await made.value[Symbol.asyncDispose]();
    const back = await timed(() => Agent.resume(long, { model: modelOf(0) }, deps));
    resume.push(back.elapsedMs);
    await back.value[Symbol.asyncDispose]();
  }
  return { create: median(create), createCpu: median(createCpu), first: median(first), resume: median(resume) };
}

/** Many in one process: those that rest, and fifty that work at once. */
async function measureMany(store: SessionStore, folder: string): Promise<void> {
  title('many agents in one process, sqlite');
  const deps = dependenciesOver(store, folder);
  const ids = Array.from({ length: idleCount }, () => newAgentId());
  await mapTogether(ids, 8, (id) => writeHistory(store, id, 100, 'one'));
  const counts = counted(store);
  const pool = new AgentPool({ dependencies: deps, maxAgents: ids.length });
  const before = await heapBytes();
  const resumed = await timed(async () => {
    for (const id of ids) await pool.resume(id, { model: modelOf(0) });
  });
  say('heap of an idle agent with 100 messages', kb(((await heapBytes()) - before) / ids.length), '40 KB');
  say(`resume of each of ${idleCount.toLocaleString('en')}`, ms(resumed.elapsedMs / ids.length));
  say('the same, processor', ms(resumed.cpuMs / ids.length));
  const working = ids.slice(0, 50).flatMap((id) => pool.get(id) ?? []);
  const stepsEach = 10;
  for (const agent of working) await agent.setModel(modelOf(stepsEach));
  await working[0]?.complete('Warm up.');
  await working[0]?.setModel(modelOf(stepsEach));
  const alone = await timed(async () => working[0]?.complete('Go.'));
  await working[0]?.setModel(modelOf(stepsEach));
  const before50 = counts.flushes;
  const together = await timed(() => Promise.all(working.map((agent) => agent.complete('Go.'))));
  const count = working.length * (stepsEach + 1);
  const ratio = (all: number, one: number): string => times(all / count / (one / (stepsEach + 1)));
  say('a step of one of 50 that work at once', ms(together.elapsedMs / count));
  say('against one that works alone', ratio(together.elapsedMs, alone.elapsedMs), '1.00x');
  say('against one that works alone, processor', ratio(together.cpuMs, alone.cpuMs), '1.00x');
  say('flushes of a step', ((counts.flushes - before50) / count).toFixed(2));
  await pool[Symbol.asyncDispose]();
}

void main();
