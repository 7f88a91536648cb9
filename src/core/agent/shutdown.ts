import { isAgentId, type AgentId } from '../protocol/ids';
import type { SessionStore } from '../store/store';
import { isJsonObject } from '../util/json';
import type { Agent } from './agent';

/** How `gracefulShutdown` goes about it. */
export interface ShutdownOptions {
  /** Milliseconds that running turns get to come to their end. Default 30,000. */
  readonly timeout?: number;
  /** Whether the agents that had not finished are noted for `resumeFromShutdown`. Default true. */
  readonly saveRunningList?: boolean;
  /** Whether turns that are still running then end in order: every call gets a result that says it was stopped. Otherwise they are left in the middle, so that `resumeFromShutdown` with `autoRun` goes on with them. Default true. */
  readonly forceInterrupt?: boolean;
}

/** What became of the agents at a shutdown. */
export interface ShutdownResult {
  /** Agents whose turn came to its end in time, or that were at rest. */
  readonly completed: readonly AgentId[];
  /** Agents that were stopped in the middle, or wait for a decision, which can be given after the restart. */
  readonly interrupted: readonly AgentId[];
  /** Agents that could not be stopped. */
  readonly failed: readonly AgentId[];
  readonly durationMs: number;
}

/** Waits for agents and stops the late ones; it does not let go of them. */
export async function shutDown(
  agents: readonly Agent[],
  { timeout = 30_000, forceInterrupt = true }: ShutdownOptions,
): Promise<{ readonly result: ShutdownResult; readonly unfinished: readonly AgentId[] }> {
  const startedAt = Date.now();
  const outcomes = await Promise.all(
    agents.map(async (agent) => ({ agent, outcome: await bringToRest(agent, timeout, forceInterrupt) })),
  );
  const idsOf = (wanted: (typeof outcomes)[number]['outcome']): readonly AgentId[] =>
    outcomes.filter(({ outcome }) => outcome === wanted).map(({ agent }) => agent.agentId);
  const [completed, interrupted, failed] = [idsOf('completed'), idsOf('interrupted'), idsOf('failed')];
  const result = { completed, interrupted, failed, durationMs: Date.now() - startedAt };
  return { result, unfinished: [...interrupted, ...failed] };
}

/** A turn that waits for a person will not finish by waiting: it is left, so that it can be answered after the restart. */
async function bringToRest(
  agent: Agent,
  timeoutMs: number,
  forceInterrupt: boolean,
): Promise<'completed' | 'interrupted' | 'failed'> {
  const end = await finishesIn(agent, timeoutMs);
  if (end === 'finished') return 'completed';
  if (end === 'paused' || !forceInterrupt) return 'interrupted';
  return agent.interrupt({ keepQueued: true }).then(
    () => 'interrupted',
    () => 'failed',
  );
}

async function finishesIn(agent: Agent, timeoutMs: number): Promise<'finished' | 'paused' | 'late'> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), timeoutMs);
  });
  const finished = async (): Promise<'finished' | 'paused'> => {
    while (!agent.isIdle) {
      const { status } = await agent.complete().catch(() => ({ status: 'failed' as const }));
      if (status === 'paused') return 'paused';
    }
    return 'finished';
  };
  try {
    return await Promise.race([finished(), late]);
  } finally {
    clearTimeout(timer);
  }
}

const runningList = 'running-agents';

export async function writeRunningList(store: SessionStore, agentIds: readonly AgentId[]): Promise<void> {
  await store.writeDocument(runningList, { version: '1.0.0', agentIds, shutdownAt: Date.now() });
}

export async function readRunningList(store: SessionStore): Promise<readonly AgentId[]> {
  const list = await store.readDocument(runningList);
  if (!isJsonObject(list) || !Array.isArray(list['agentIds'])) return [];
  return list['agentIds'].filter((id): id is AgentId => typeof id === 'string' && isAgentId(id));
}
