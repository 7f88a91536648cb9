import type { Agent } from '../../core/agent/agent';
import { newAgentId, type AgentId, type PermissionId } from '../../core/protocol/ids';
import type { ModelChoice } from '../../core/protocol/models';
import { emptySessionView, type ReadOnlyReason, type SessionSummary, type SessionView } from '../../core/protocol/view';
import { changeInfo, type InfoChange } from '../../core/store/changeInfo';
import type { OpenOptions } from '../../core/store/store';
import { Emitter } from '../../core/util/emitter';
import { frameEvents, type SessionEvent } from './sessionEvents';
import { askFirst, orInUse } from './inUse';
import { shownView, summaryOf } from './sessionState';
import { unseenSession } from './unseenSession';
import { WindowSession, type WindowSessionPorts } from './windowSession';
import { workspaceMetadata } from './workspaceFolders';

export interface OpenQuestion {
  readonly sessionId: AgentId;
  readonly permissionId: PermissionId;
}

export type SessionsPorts = Omit<WindowSessionPorts, 'onEvent' | 'onReplaced' | 'onChange'>;

/** Idle sessions that stay in memory beside the shown one. */
const keptIdle = 8;

/** The sessions that this window works in or shows, and which one the panel shows. The store has all of it: nothing here must survive. */
export class Sessions {
  readonly #ports: WindowSessionPorts;
  readonly #sessions = new Map<AgentId, WindowSession>();
  readonly #changed: Emitter<void>;
  readonly #events: Emitter<SessionEvent>;
  readonly #replaced: Emitter<AgentId>;
  readonly #stopHandOver: () => void;
  #activeId: AgentId;
  #selections = 0;
  #isVisible = false;

  constructor(ports: SessionsPorts) {
    const failed = (error: unknown): void => ports.reportError('A listener of the sessions failed', error);
    this.#changed = new Emitter(failed);
    this.#events = new Emitter(failed);
    this.#replaced = new Emitter(failed);
    this.#ports = {
      ...ports,
      onChange: () => this.#changed.fire(),
      onReplaced: (sessionId) => {
        this.#replaced.fire(sessionId);
        this.#changed.fire();
      },
      onEvent: (sessionId, envelope) => {
        this.#events.fire({ sessionId, envelope });
        if (frameEvents.has(envelope.event.type)) this.#changed.fire();
      },
    };
    this.#stopHandOver = ports.store.onHandOverRequest((sessionId) => this.#handOver(sessionId));
    this.#activeId = this.#addDraft();
  }

  /** Something that the panel's frame shows has changed: the list, the active session, a state. */
  get onDidChange(): Emitter<void>['event'] {
    return this.#changed.event;
  }

  get onEvent(): Emitter<SessionEvent>['event'] {
    return this.#events.event;
  }

  /** This session's view is another one, without an event for each difference. */
  get onReplaced(): Emitter<AgentId>['event'] {
    return this.#replaced.event;
  }

  get activeId(): AgentId {
    return this.#activeId;
  }

  get active(): SessionView {
    return this.view(this.#activeId) ?? emptySessionView(this.#activeId);
  }

  get activeAgent(): Agent | undefined {
    return this.agent(this.#activeId);
  }

  /** Whether the shown session has begun. */
  get isActiveStored(): boolean {
    const session = this.#sessions.get(this.#activeId);
    return session !== undefined && !(session.hold.kind === 'draft' && session.isOnlyShown);
  }

  /** Why the shown session can only be read here. */
  get readOnly(): ReadOnlyReason | undefined {
    return this.#sessions.get(this.#activeId)?.readOnly;
  }

  view(sessionId: AgentId): SessionView | undefined {
    const session = this.#sessions.get(sessionId);
    return session && shownView(session);
  }

  agent(sessionId: AgentId): Agent | undefined {
    return this.#sessions.get(sessionId)?.agent;
  }

  /** The model that the session asks next, where it has one of its own. */
  choice(sessionId: AgentId): ModelChoice | undefined {
    return this.#sessions.get(sessionId)?.choice;
  }

  /** A session that has not begun takes the model when it does. False: it has begun. */
  chooseForDraft(sessionId: AgentId, choice: ModelChoice): boolean {
    const isDraft = this.#sessions.get(sessionId)?.chooseForDraft(choice) ?? false;
    if (isDraft) this.#changed.fire();
    return isDraft;
  }

  get agents(): readonly Agent[] {
    return [...this.#sessions.values()].flatMap((session) => session.agent ?? []);
  }

  /** Newest first; what is not worked in stands here only while it is shown. */
  summaries(): readonly SessionSummary[] {
    return [...this.#sessions.values()].map(summaryOf).reverse();
  }

  /** Every question that waits for an answer in this window, oldest first. */
  openQuestions(): readonly OpenQuestion[] {
    return this.agents.flatMap((agent) =>
      agent.openApprovals.map(({ permissionId }) => ({ sessionId: agent.agentId, permissionId })),
    );
  }

  /** Shows a new, empty session; the one that is shown already if it is empty. */
  create(): AgentId {
    this.#selections++;
    if (this.isActiveStored) this.#activate(this.#addDraft());
    return this.#activeId;
  }

  /**
   * Shows a session as it is stored; one that was cut off goes on from where it can, later. Of two calls the later one counts.
   * @throws StoreError 'not_found' | 'newer_version' | 'io'.
   */
  async select(sessionId: AgentId): Promise<void> {
    const selection = ++this.#selections;
    const known = this.#sessions.get(sessionId);
    // What could not be read may be whole, or back, by now.
    const isReadable = known && known.hold.kind !== 'unreadable';
    const session = isReadable ? known : await WindowSession.read(sessionId, this.#ports);
    if (selection !== this.#selections) {
      if (session !== known) await session.close();
      return;
    }
    this.#sessions.set(sessionId, session);
    this.#activate(sessionId);
    if (known && session !== known) this.#ports.onReplaced(sessionId);
    session.goOnIfCutOff();
  }

  /** Gives the session a message; its agent is made or resumed for it. @throws what `agentFor` and `Agent.send` throw. */
  async send(sessionId: AgentId, text: string, opts: OpenOptions = {}): Promise<void> {
    const agent = await this.agentFor(sessionId, opts);
    await agent.send(text);
  }

  /** Stops what runs here. @returns the messages that waited in line here: stopping drops them. */
  async interrupt(sessionId: AgentId): Promise<readonly string[]> {
    const session = this.#sessions.get(sessionId);
    if (!session?.agent) return [];
    const waiting = session.view.queued.map(({ text }) => text);
    await session.agent.interrupt();
    return waiting;
  }

  /** The agent of a session, shown or not. @throws what keeps agents from working here; SessionHeldError, SessionGoneError, StoreError, ConfigError. */
  async agentFor(sessionId: AgentId, opts: OpenOptions = {}): Promise<Agent> {
    const session = this.#sessions.get(sessionId) ?? (await unseenSession(sessionId, this.#sessions, this.#ports));
    return orInUse(this.#ports.store, sessionId, () => session.agentFor(opts));
  }

  /** @throws SessionHeldError while another window works in it. */
  async rename(sessionId: AgentId, title: string): Promise<void> {
    const session = this.#sessions.get(sessionId);
    if (session?.agent) await session.agent.setTitle(title);
    else if (session?.hold.kind !== 'draft') await this.#change(sessionId, { title }, askFirst);
    if (session) session.title = title;
    this.#changed.fire();
  }

  /** @throws SessionHeldError while another window works in it. */
  async pin(sessionId: AgentId, pinned: boolean): Promise<void> {
    const session = this.#sessions.get(sessionId);
    if (session?.agent) await session.agent.setPinned(pinned);
    else if (session?.hold.kind !== 'draft') await this.#change(sessionId, { pinned }, askFirst);
    this.#changed.fire();
  }

  /** As `bringHere`, where agents may work. @throws what keeps them from it, too. */
  async adopt(sessionId: AgentId): Promise<void> {
    const obstacle = this.#ports.obstacle();
    if (obstacle) throw obstacle;
    await this.bringHere(sessionId);
  }

  /** A stored session of any folder becomes one of this window's folders and is shown. @throws SessionHeldError while anybody else has it. */
  async bringHere(sessionId: AgentId): Promise<void> {
    const session = this.#sessions.get(sessionId);
    if (!session?.agent) await this.#change(sessionId, { metadata: workspaceMetadata(this.#ports.folders()) }, {});
    await session?.refresh();
    await this.select(sessionId);
  }

  /** Stops a session and puts it into the trash. Another one is shown then. @throws SessionHeldError while another window works in it. */
  async discard(sessionId: AgentId): Promise<void> {
    const { store } = this.#ports;
    const isStored = await store.exists(sessionId);
    const isOurs = this.agent(sessionId) !== undefined;
    // Asked for before anything goes away here.
    const release =
      isStored && !isOurs ? await orInUse(store, sessionId, () => store.hold(sessionId, askFirst)) : undefined;
    try {
      await this.#drop(sessionId);
      if (isStored) await store.discard(sessionId);
    } finally {
      await release?.();
    }
  }

  /** A hidden panel needs no news of other windows. */
  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    this.#watchActive();
  }

  /** Ends all agents; resolves when their processes are gone. */
  async close(): Promise<void> {
    this.#stopHandOver();
    this.#changed.dispose();
    this.#events.dispose();
    this.#replaced.dispose();
    await Promise.all([...this.#sessions.values()].filter((one) => one.isOnlyShown).map((one) => one.close()));
    await this.#ports.agents.close();
  }

  #change(sessionId: AgentId, change: InfoChange, opts: OpenOptions): Promise<void> {
    const { store } = this.#ports;
    return orInUse(store, sessionId, () => changeInfo(store, sessionId, change, opts));
  }

  #addDraft(): AgentId {
    const session = new WindowSession(newAgentId(), this.#ports);
    this.#sessions.set(session.sessionId, session);
    return session.sessionId;
  }

  #activate(sessionId: AgentId): void {
    const left = this.#sessions.get(this.#activeId);
    this.#activeId = sessionId;
    this.#watchActive();
    this.#changed.fire();
    if (left && left.sessionId !== sessionId)
      this.#leave(left).catch((error: unknown) => this.#ports.reportError('A session could not be closed', error));
  }

  /** What is only shown is not kept; of what was worked in, the last few. */
  async #leave(session: WindowSession): Promise<void> {
    if (session.isOnlyShown) await this.#forget(session);
    const idle = this.agents.filter((agent) => agent.isIdle && agent.agentId !== this.#activeId);
    idle.sort((left, right) => right.idleTime - left.idleTime);
    for (const { agentId } of idle.slice(0, Math.max(0, idle.length - keptIdle))) await this.#handOver(agentId);
  }

  /** Lets an idle session go, because another window asks for it or to save memory. False: it works here, or waits for a decision. */
  async #handOver(sessionId: AgentId): Promise<boolean> {
    const session = this.#sessions.get(sessionId);
    if (!session || !(await session.letGo())) return false;
    if (sessionId === this.#activeId) this.#watchActive();
    else await this.#forget(session);
    return true;
  }

  async #drop(sessionId: AgentId): Promise<void> {
    const session = this.#sessions.get(sessionId);
    if (!session) return;
    await this.#forget(session);
    if (sessionId === this.#activeId) this.#activate([...this.#sessions.keys()].at(-1) ?? this.#addDraft());
  }

  async #forget(session: WindowSession): Promise<void> {
    this.#sessions.delete(session.sessionId);
    await session.close();
  }

  #watchActive(): void {
    for (const session of this.#sessions.values())
      session.watch(this.#isVisible && session.sessionId === this.#activeId);
  }
}
