import type { ModelProvider } from '../model/provider';
import type { PermissionConfig } from '../permission/policy';
import type { AgentEvent, Channel, Envelope } from '../protocol/events';
import type { AgentId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { TodoItem } from '../protocol/todos';
import type { RuleView } from '../protocol/toolCalls';
import type { ModelSpending } from '../protocol/usage';
import type { Sandbox } from '../sandbox/sandbox';
import type { AgentInfo, Snapshot } from '../store/store';
import type { Tool } from '../tools/tool';
import type { AgentCore } from './agentCore';
import type { OpenApproval } from './approvals';
import type { EventHandler, SubscribeOptions } from './eventHub';
import { flat, statusOf, type AgentStatus, type FlatProgress } from './status';
import type { Subscription } from './subscription';

/** What an agent shows of itself and lets be watched; nothing here changes anything. */
export abstract class ReadableAgent {
  /** Its working parts: not for users of an agent. */
  protected readonly core: AgentCore;

  protected constructor(core: AgentCore) {
    this.core = core;
  }

  get agentId(): AgentId {
    return this.core.state.info.agentId;
  }

  /** Milliseconds since the last activity; 0 while it works or waits for a decision. */
  get idleTime(): number {
    return this.core.idleTime;
  }

  /** Whether nothing runs, no subagent either, and nothing waits for a decision. */
  get isIdle(): boolean {
    return this.core.turns.isIdle && this.core.delegates.isIdle;
  }

  get model(): ModelProvider {
    return this.core.model;
  }

  get sandbox(): Sandbox {
    return this.core.setup.sandbox;
  }

  get tools(): readonly Tool[] {
    return this.core.setup.tools;
  }

  get permission(): PermissionConfig {
    return this.core.permission;
  }

  subscribe(channels?: readonly Channel[], opts?: SubscribeOptions): Subscription {
    return this.core.hub.subscribe(channels, opts);
  }

  /**
   * Progress in a flat form, counted from this call. Opened after a `send` it ends with the `done` of the last message that was
   * accepted; on an idle agent whose turns were all seen, or with `follow`, it stays open.
   */
  subscribeProgress(opts: SubscribeOptions & { readonly follow?: boolean } = {}): AsyncIterable<FlatProgress> {
    const { hub, turns } = this.core;
    const awaited = opts.follow === true || !hub.hasTurnToShow ? undefined : turns.lastAccepted?.message.id;
    const endsAt = awaited && ((envelope: Envelope): boolean => hub.isEndOf(awaited, envelope));
    return flat(hub.subscribe(['progress'], opts, endsAt));
  }

  on<Type extends AgentEvent['type']>(type: Type, handler: EventHandler<Type>): () => void {
    return this.core.hub.on(type, handler);
  }

  get openApprovals(): readonly OpenApproval[] {
    return this.core.approvals.open;
  }

  /** The messages that wait for their turn. */
  get queued(): readonly Message[] {
    return this.core.turns.queued;
  }

  /** What runs unasked because the user said so: for the workspace, then for this session. */
  get rules(): readonly RuleView[] {
    return this.core.rules.list();
  }

  status(): AgentStatus {
    return statusOf(this.core);
  }

  info(): AgentInfo & { readonly messageCount: number } {
    const { info, conversation } = this.core.state;
    return { ...info, messageCount: conversation.count };
  }

  getTodos(): readonly TodoItem[] {
    return this.core.state.todos;
  }

  snapshots(): Promise<readonly Snapshot[]> {
    return this.core.log.readSnapshots();
  }

  /** What the session has spent, by model. */
  get spending(): readonly ModelSpending[] {
    return this.core.state.spending;
  }
}
