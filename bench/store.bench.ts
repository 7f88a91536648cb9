import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Agent } from '../src/core/agent/agent';
import { newAgentId, type AgentId } from '../src/core/protocol/ids';
import type { SessionStore } from '../src/core/store/store';
import { mapTogether } from '../src/core/util/mapTogether';
import { candidates, measureDeltas, sizes, stepCost, steps, type Candidate } from './agentCosts';
import { heapBytes, kb, median, ms, say, timed, times, title } from './figures';
import { dependenciesOver, modelOf, writeHistory } from './sessions';

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-bench-'));
  try {
    const wanted = process.argv.slice(2);
    const chosen = candidates.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
    for (const candidate of chosen) await measureStore(candidate, path.join(folder, candidate.name));
    await measureDeltas(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureStore({ name, make }: Candidate, folder: string): Promise<void> {
  title(`${name}: one step = model call, tool call, result; ${steps} steps each`);
  const store = make(folder);
  const costs: number[] = [];
  for (const size of sizes) {
    const id = newAgentId();
    await writeHistory(store, id, size);
    const { stepMs, bytes } = await stepCost(store, id, folder);
    costs.push(stepMs);
    say(`a step at ${size} messages`, ms(stepMs));
    if (name !== 'memory')
      say(`bytes written per step at ${size} messages`, kb(bytes), '33 KB with the checkpoint of the log, flat');
  }
  say('a step at 5,000 messages against one at 100', times((costs.at(-1) ?? 0) / (costs[0] ?? 1)), '1.30x');
  await measureResume(store, folder);
  await measureIdle(store, folder, name);
}

async function measureResume(store: SessionStore, folder: string): Promise<void> {
  const deps = dependenciesOver(store, folder);
  const [empty, long] = [newAgentId(), newAgentId()];
  await writeHistory(store, empty, 1);
  await writeHistory(store, long, 5_000);
  const open = async (id: AgentId): Promise<number> => {
    const { value: agent, elapsedMs } = await timed(() => Agent.resume(id, { model: modelOf(0) }, deps));
    await agent[Symbol.asyncDispose]();
    return elapsedMs;
  };
  const rounds = Array.from({ length: 9 });
  const base: number[] = [];
  const full: number[] = [];
  for (const _ of rounds) {
    base.push(await open(empty));
    full.push(await open(long));
  }
  say('resume of 1 message', ms(median(base)));
  say('resume of 5,000 messages', ms(median(full)), '15 ms');
  const agent = await Agent.resume(long, { model: modelOf(0) }, deps);
  const { elapsedMs } = await timed(() => agent.complete('Go.'));
  say('first request at 5,000 messages, per 1,000', ms(elapsedMs / 5), '40 ms');
  await agent[Symbol.asyncDispose]();
}

/** Many sessions that rest, in one process. */
async function measureIdle(store: SessionStore, folder: string, name: string): Promise<void> {
  const deps = dependenciesOver(store, folder);
  const count = 2_000;
  const model = modelOf(0);
  const ids = Array.from({ length: count }, () => newAgentId());
  await mapTogether(ids, 8, (id) => writeHistory(store, id, 100, 'one'));
  const before = await heapBytes();
  const agents: Agent[] = [];
  const { elapsedMs } = await timed(async () => {
    for (const id of ids) agents.push(await Agent.resume(id, { model }, deps));
  });
  const perAgent = ((await heapBytes()) - before) / count;
  say(`resume of each of ${count.toLocaleString('en')} sessions`, ms(elapsedMs / count));
  say('heap of an idle agent with 100 messages', kb(perAgent), '40 KB');
  if (name !== 'memory') say('open databases', String(openDatabases()), '32');
  for (const agent of agents) await agent[Symbol.asyncDispose]();
  say(`listing ${count.toLocaleString('en')} sessions`, ms((await timed(() => store.summaries())).elapsedMs));
}

function openDatabases(): number {
  if (process.platform !== 'linux') return Number.NaN;
  const targets = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch (error) {
      return `closed meanwhile: ${String(error)}`;
    }
  });
  return targets.filter((target) => target.endsWith('session.db') || target.endsWith('history.jsonl')).length;
}

void main();
