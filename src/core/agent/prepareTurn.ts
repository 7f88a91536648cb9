import type { CheckpointBlobs } from '../checkpoints/checkpointBlobs';
import type { EditCheckpoints } from '../checkpoints/checkpointRecorder';
import type { Above } from '../delegates/above';
import type { Bound } from '../delegates/bound';
import type { SubAgentConfig } from '../delegates/subagents';
import type { DebugLog } from '../debug/debugLog';
import type { HookChain } from '../hooks/hookChain';
import type { ModelProvider, ToolDescription } from '../model/provider';
import type { RetryConfig } from '../model/retry';
import type { Spending } from '../model/spending';
import type { PermissionModeRegistry } from '../permission/permissionModeRegistry';
import type { PermissionConfig } from '../permission/policy';
import type { Reviews } from '../permission/reviews';
import type { AgentRules, RuleBook } from '../permission/rules';
import { newMessageId, type MessageId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { Sandbox } from '../sandbox/sandbox';
import type { SkillSource } from '../skills/skillSource';
import type { Tool, ToolServices } from '../tools/tool';
import type { SessionReader } from '../store/store';
import type { Approvals } from './approvals';
import type { ContextOptions, Limits } from './config';
import type { Journal } from './journal';
import { planReminder } from './modeReminder';
import { buildSystemPrompt, commonRules, situation, type EnvironmentSource } from './prompt';
import { reminderSent, withReminder } from './reminders';
import type { AgentState } from './state';
import type { AgentTemplateDefinition } from './template';
import { untilAborted } from './timeLimit';
import type { TodoConfig } from './todoReminders';
import type { TurnPorts } from './turnPorts';

/** What an agent was made with and keeps. */
export interface Setup {
  readonly template: AgentTemplateDefinition;
  readonly tools: readonly Tool[];
  readonly sandbox: Sandbox;
  readonly limits: Limits;
  readonly context: ContextOptions;
  readonly exposeThinking: boolean;
  readonly skills: SkillSource | undefined;
  readonly environment: EnvironmentSource;
  readonly retry: Partial<RetryConfig>;
  readonly spending: Spending | undefined;
  /** Where what files were is kept; undefined: nowhere. */
  readonly blobs: CheckpointBlobs | undefined;
  readonly rules: RuleBook;
  readonly reviews: Reviews;
  readonly todo: TodoConfig | undefined;
  /** What it may delegate; undefined: nothing. */
  readonly subagents: SubAgentConfig | undefined;
  /** For a subagent: what it has from the agent above, and what binds it. */
  readonly above: Above | undefined;
  /** For a subagent that was brought back by itself: what still binds it. */
  readonly bound: Bound | undefined;
  readonly modes: PermissionModeRegistry;
  readonly hooks: HookChain | undefined;
  readonly debug: DebugLog | undefined;
}

export interface Session extends Pick<TurnPorts, 'meter' | 'book' | 'compactor' | 'compactIfAsked' | 'beforeStep'> {
  readonly state: AgentState;
  readonly journal: Journal;
  readonly reader: Pick<SessionReader, 'readToolCalls'>;
  readonly approvals: Approvals;
  /** The message that started the turn. */
  readonly turnId: MessageId;
  readonly rules: AgentRules;
  readonly checkpoints: EditCheckpoints;
  readonly model: ModelProvider;
  readonly permission: () => PermissionConfig;
  readonly now: () => number;
  readonly services: ToolServices;
}

/**
 * Looks around, tells the model what is new, and puts together what the turn runs with. A turn that goes on after a restart
 * is told nothing new: there may be calls that have no answers yet.
 */
export async function prepareTurn(
  setup: Setup,
  session: Session,
  signal: AbortSignal,
  goesOn: boolean,
): Promise<TurnPorts> {
  const { state, journal, now } = session;
  await state.conversation.load();
  const known = goesOn ? state.info.systemPrompt : undefined;
  const system = known ?? (await tellEnvironment(setup, session, signal));
  const { limits } = setup;
  const record: TurnPorts['record'] = (change) => journal.record(change);
  return {
    state,
    isCallIdTaken: async (id) => state.toolCalls.has(id) || (await session.reader.readToolCalls([id])).length > 0,
    ...{ meter: session.meter, book: session.book, compactor: session.compactor },
    hooks: setup.hooks,
    ...{ compactIfAsked: session.compactIfAsked, beforeStep: session.beforeStep },
    ...{ model: session.model, system, tools: toolDescriptions(setup.tools) },
    maxSteps: limits.maxSteps,
    maxToolConcurrency: limits.maxToolConcurrency,
    exposeThinking: setup.exposeThinking,
    retry: setup.retry,
    now,
    record,
    soon: (event) => journal.soon(event),
    toolCalls: {
      agentId: state.info.agentId,
      turnId: session.turnId,
      tools: new Map(setup.tools.map((tool) => [tool.name, tool])),
      sandbox: setup.sandbox,
      services: session.services,
      permission: session.permission,
      above: setup.above ?? setup.bound,
      ...{ modes: setup.modes, hooks: setup.hooks },
      rules: session.rules,
      reviews: setup.reviews,
      checkpoints: session.checkpoints,
      approvals: session.approvals,
      toolTimeoutMs: limits.toolTimeoutMs,
      approvalTimeoutMs: limits.approvalTimeoutMs,
      now,
      breakpoint: () => state.breakpoint,
      record,
      gather: (change) => journal.gather(change),
      progress: (callId, text) => journal.soon({ channel: 'progress', type: 'tool:progress', callId, text }),
    },
  };
}

/** The tools as a model sees them. */
export function toolDescriptions(tools: readonly Tool[]): readonly ToolDescription[] {
  return tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
}

/** The session's system prompt, made at its first turn and kept to the byte; what changed since is told in a message. */
async function tellEnvironment(setup: Setup, session: Session, signal: AbortSignal): Promise<string> {
  const { state, journal, now } = session;
  const environment = await untilAborted(setup.environment.describe(setup.sandbox, signal), signal);
  const skills = await untilAborted(Promise.resolve(setup.skills?.describe(signal, now())), signal);
  const notes = skills?.notes ?? '';
  const { systemPrompt: prompt, skills: lastTold = notes } = state.info;
  // What stands in the prompt already is not told again, unless something else was told since.
  const isNew = prompt !== undefined && (!prompt.includes(notes) || lastTold !== notes);
  const told = isNew ? `${situation(environment)}\n\n${notes}` : situation(environment);
  const events = skills && notes !== state.info.skills ? [skills.event] : [];
  const known = { situation: told, ...(skills && { skills: notes }) };
  if (state.info.systemPrompt === undefined) {
    const role = `${setup.template.systemPrompt.trim()}\n\n${commonRules}`;
    const systemPrompt = buildSystemPrompt(role, setup.tools, environment, notes);
    const instructions = environment.instructions.map((file) => file.source);
    const own = { systemPrompt, instructions, ...known };
    const reminder = session.permission().mode === 'plan' ? planReminder() : undefined;
    await journal.record({
      events: [...events, ...(reminder ? [reminderSent(reminder)] : [])],
      late: () => ({ info: { ...(reminder ? withReminder(state.info, reminder) : state.info), ...own } }),
    });
    return systemPrompt;
  }
  if (told !== state.info.situation) {
    const message: Message = {
      id: newMessageId(),
      role: 'user',
      content: [{ type: 'text', text: `<situation>\n${told}\n</situation>` }],
      createdAt: now(),
      metadata: { kind: 'situation' },
    };
    await journal.record({
      events,
      messages: [message],
      late: () => ({ info: { ...state.info, ...known } }),
    });
  }
  return state.info.systemPrompt;
}
