import { StoreError } from '../errors';
import type { AgentEvent, ResumeStrategy } from '../protocol/events';
import type { AgentId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import { snapshotOf, type ToolCallRecord } from '../protocol/toolCalls';
import type { Above } from '../delegates/above';
import { boundConfig, boundOf } from '../delegates/bound';
import { closeAskedBelow } from '../delegates/askedBelow';
import type { Spawn } from '../delegates/delegates';
import { cutTools } from '../delegates/withTaskRun';
import type { Sandbox } from '../sandbox/sandbox';
import { openSandbox } from '../sandbox/sandboxConfig';
import { validCompaction } from '../context/compaction';
import { checkAgentId } from '../store/agentIds';
import type { OpenOptions, SessionLog, StoredState, StoredTurn } from '../store/store';
import { AgentCore } from './agentCore';
import { checkDependencies, storedConfig, withStoredConfig, type AgentConfig, type AgentDependencies } from './config';
import { cutOffInfo, sealedCall, sealEvents, sealing, seqAfterUncleanEnd, unansweredCalls } from './cutOff';
import { makeSetup, setupIn } from './setup';

/** How an agent is brought back from its store. */
export interface ResumeOptions extends OpenOptions {
  /** Whether a turn that was cut off goes on by itself, and what waits in line starts. Default false. */
  readonly autoRun?: boolean;
  /** Default 'crash'. */
  readonly strategy?: ResumeStrategy;
}

/**
 * @param above for a subagent: what it has from the agent that gives it its task
 * @throws ConfigError, PermissionError, StoreError 'exists' | 'invalid_id'; nothing is left behind then.
 */
export async function createCore(
  config: AgentConfig,
  dependencies: AgentDependencies,
  above?: Above,
): Promise<AgentCore> {
  const deps = checkDependencies(dependencies);
  const made = await makeSetup(config, deps, undefined, above);
  const stored = storedConfig(config);
  const info = { ...made.info, config: above ? boundConfig(stored, above) : stored };
  const { agentId } = info;
  const log = await deps.store.open(agentId, 'create');
  let sandbox: Sandbox | undefined;
  try {
    sandbox = await openSandbox(config.sandbox ?? made.setup.template.sandbox, deps.sandboxFactory);
    const setup = setupIn(made.setup, sandbox);
    const core = new AgentCore({
      ...made,
      setup,
      log,
      stored: await log.load(),
      info,
      lastSeq: 0,
      spawn: spawnWith(deps),
    });
    await core.record({ events: [], info });
    return core;
  } catch (error) {
    // What went wrong first is what the caller hears of.
    await Promise.allSettled([sandbox?.dispose(), log.close()]);
    await Promise.allSettled([deps.store.delete(agentId)]);
    throw error;
  }
}

const spawnWith =
  (deps: AgentDependencies): Spawn =>
  (config, above) =>
    createCore(cutTools(config, deps.templateRegistry.get(config.templateId)), deps, above);

/**
 * Brings an agent back from its store. What `config` leaves out is as it was when the agent was made.
 * @throws StoreError 'not_found' | 'damaged'; SessionHeldError; ConfigError; PermissionError.
 */
export async function resumeCore(
  id: string,
  config: Partial<AgentConfig>,
  dependencies: AgentDependencies,
  opts: ResumeOptions = {},
): Promise<AgentCore> {
  const deps = checkDependencies(dependencies);
  const agentId = checkAgentId(id);
  const log = await deps.store.open(agentId, 'existing', opts);
  let core: AgentCore | undefined;
  try {
    const made = await coreFrom(agentId, log, config, deps);
    ({ core } = made);
    await restore(core, made.stored, opts);
    return core;
  } catch (error) {
    // What went wrong first is what the caller hears of.
    await Promise.allSettled([core ? core.close() : log.close()]);
    throw error;
  }
}

async function coreFrom(
  agentId: AgentId,
  log: SessionLog,
  config: Partial<AgentConfig>,
  deps: AgentDependencies,
): Promise<{ readonly core: AgentCore; readonly stored: StoredState }> {
  const stored = await log.load();
  const { info } = stored;
  if (!info)
    throw new StoreError('damaged', `The session ${agentId} does not say what it is: its first entry is missing.`, {
      advice: 'Salvage it: what can still be read goes into a new session.',
    });
  const whole = { ...withStoredConfig(info, config), agentId };
  const bound = boundOf(info.config);
  const made = await makeSetup(whole, deps, info.model, undefined, bound);
  // A subagent worked in the sandbox of the agent above, whatever its own template says.
  const sandbox = await openSandbox(
    whole.sandbox ?? (bound ? undefined : made.setup.template.sandbox),
    deps.sandboxFactory,
  );
  const compaction = await validCompaction(log, stored.messageCount);
  const lastSeq = stored.closedCleanly ? stored.lastSeq : seqAfterUncleanEnd(stored.lastSeq) - 1;
  const setup = setupIn(made.setup, sandbox);
  return {
    core: new AgentCore({ ...made, setup, log, stored, info, lastSeq, compaction, spawn: spawnWith(deps) }),
    stored,
  };
}

/** Brings a cut-off turn to an end, or makes it wait, or goes on with it; the one record of it is the agent's first. */
async function restore(core: AgentCore, stored: StoredState, opts: ResumeOptions): Promise<void> {
  const { strategy = 'crash', autoRun = false } = opts;
  const isCutOff = stored.turn !== undefined || stored.openToolCalls.length > 0 || (await endsWithCalls(core, stored));
  const messages = isCutOff ? await core.state.conversation.load() : [];
  const calls = isCutOff ? await unansweredCalls(messages, core.log, core.now()) : [];
  const begun = isCutOff ? await startOf(stored.turn, messages, core.log) : undefined;
  if (strategy === 'manual' && isCutOff && begun) await pause(core, stored, begun, calls);
  else await seal(core, stored, { strategy, calls, goOn: autoRun ? begun : undefined });
  await core.todoReminders.atStart();
  core.turns.restoreQueue(stored.queued);
  if (autoRun) core.turns.start();
}

/** The message that began the turn; a summary may stand for it by now. */
async function startOf(
  turn: StoredTurn | undefined,
  messages: readonly Message[],
  log: SessionLog,
): Promise<Message | undefined> {
  const isIt = ({ id }: Message): boolean => id === turn?.messageId;
  return messages.find(isIt) ?? (turn && (await log.readMessages()).find(isIt));
}

/** A turn that could not be stored to its end may have left calls that nobody answered. */
async function endsWithCalls({ log }: AgentCore, { messageCount }: StoredState): Promise<boolean> {
  if (messageCount === 0) return false;
  const [last] = await log.readMessages({ from: messageCount - 1 });
  return last?.role === 'assistant' && last.content.some((block) => block.type === 'tool_use');
}

async function pause(
  core: AgentCore,
  stored: StoredState,
  begun: Message,
  calls: readonly ToolCallRecord[],
): Promise<void> {
  const below = closeAskedBelow(core.state.info);
  await core.record({
    ...below,
    events: [
      ...jump(stored),
      ...below.events,
      { channel: 'monitor', type: 'agent_resumed', strategy: 'manual', sealed: [], cutOff: true },
      { channel: 'monitor', type: 'state_changed', state: 'PAUSED' },
    ],
  });
  core.turns.goOn(begun, calls);
}

async function seal(
  core: AgentCore,
  stored: StoredState,
  how: {
    readonly strategy: ResumeStrategy;
    readonly calls: readonly ToolCallRecord[];
    readonly goOn: Message | undefined;
  },
): Promise<void> {
  const { strategy, calls, goOn } = how;
  const cutOff = stored.turn !== undefined;
  const answered = sealing(calls, core.now());
  // Calls of an earlier answer cannot be open; where they are, they are sealed all the same.
  const stray = stored.openToolCalls.filter((call) => !calls.some(({ id }) => id === call.id));
  const straySealed = stray.map((call) => sealedCall(call, core.now()));
  const sealed = [...answered.toolCalls, ...straySealed];
  const below = closeAskedBelow(core.state.info);
  await core.record({
    ...below,
    toolCalls: sealed,
    messages: answered.messages,
    ...(!goOn && { turn: null }),
    events: [
      ...jump(stored),
      ...below.events,
      ...answered.events,
      ...stray.flatMap((call, index) => sealEvents(call, straySealed[index] ?? call)),
      { channel: 'monitor', type: 'agent_resumed', strategy, sealed: sealed.map(snapshotOf), cutOff },
      ...(cutOff ? (goOn ? working : endOfTurn(sealed.length)) : [rest]),
    ],
  });
  if (goOn) core.turns.goOn(goOn);
  else core.state.conversation.release();
}

const working: readonly AgentEvent[] = [
  { channel: 'monitor', type: 'state_changed', state: 'WORKING' },
  { channel: 'monitor', type: 'breakpoint_changed', previous: 'READY', current: 'PRE_MODEL' },
];

/** Said at every return: a compaction between two turns that was cut off leaves no turn to end. */
const rest: AgentEvent = { channel: 'monitor', type: 'state_changed', state: 'READY' };

function endOfTurn(sealed: number): readonly AgentEvent[] {
  return [{ channel: 'progress', type: 'done', step: 0, reason: 'interrupted', error: cutOffInfo(sealed) }, rest];
}

function jump({ closedCleanly, lastSeq }: StoredState): readonly AgentEvent[] {
  if (closedCleanly) return [];
  return [{ channel: 'monitor', type: 'seq_advanced', from: lastSeq, to: seqAfterUncleanEnd(lastSeq) }];
}
