import type { Agent } from '../../core/agent/agent';
import { StoreError, type AgentError } from '../../core/errors';
import type { Envelope, FailureInfo } from '../../core/protocol/events';
import type { AgentId } from '../../core/protocol/ids';
import type { ModelChoice } from '../../core/protocol/models';
import { reduce } from '../../core/protocol/reduce';
import { emptySessionView, type ReadOnlyReason, type SessionView } from '../../core/protocol/view';
import { SessionHeldError } from '../../core/store/sessionHeld';
import type { OpenOptions, SessionStore } from '../../core/store/store';
import type { JsonObject } from '../../core/util/json';
import type { SessionAgents } from './sessionAgents';
import type { Replayed } from './replay';
import { SessionFollower } from './sessionFollower';
import { SessionGoneError } from './sessionGone';
import { isCutOff, readOnlyReason, strategyFor, type Hold, type SessionState } from './sessionState';
import type { FolderUris } from './workspaceFolders';

export interface WindowSessionPorts {
  readonly store: SessionStore;
  readonly agents: SessionAgents;
  readonly folders: () => FolderUris;
  /** What keeps agents from working in this window at all. */
  readonly obstacle: () => AgentError | undefined;
  readonly onEvent: (sessionId: AgentId, envelope: Envelope) => void;
  /** The view is another one, by more than can be told event by event. */
  readonly onReplaced: (sessionId: AgentId) => void;
  /** Something beside its events has changed: who works in it, its name. */
  readonly onChange: () => void;
  readonly reportError: (what: string, error: unknown) => void;
  /** As `reportError`, and the user hears of it. */
  readonly reportProblem: (what: string, error: unknown) => void;
}

/** For how long a window that shows a cut-off session waits for the one that went down with it. */
const predecessorMs = 15_000;

/** One session of this window: not begun, read along, or worked in. */
export class WindowSession implements SessionState {
  readonly sessionId: AgentId;
  readonly #ports: WindowSessionPorts;
  #hold: Hold = { kind: 'draft' };
  #view: SessionView;
  #metadata: JsonObject | undefined;
  /** The agent while it is made or resumed: two messages sent at once get the same one. */
  #opening: Promise<Agent> | undefined;
  /** A cut-off session is resumed as soon as it is free, until then. Milliseconds since 1970. */
  #resumeUntil = 0;
  /** While an agent that cannot write any more is dropped. */
  #losing: Promise<void> | undefined;
  #isGone = false;
  /** The model that was chosen for it before its first message. */
  #draftChoice: ModelChoice | undefined;
  title: string | undefined;

  /** A session before its first message. */
  constructor(sessionId: AgentId, ports: WindowSessionPorts) {
    this.sessionId = sessionId;
    this.#ports = ports;
    this.#view = emptySessionView(sessionId);
  }

  /** A session as it is stored. @throws StoreError 'not_found' | 'newer_version' | 'io'. */
  static async read(sessionId: AgentId, ports: WindowSessionPorts): Promise<WindowSession> {
    const session = new WindowSession(sessionId, ports);
    session.#resumeUntil = Date.now() + predecessorMs;
    try {
      const follower = await session.#openFollower();
      session.#readAlong(follower);
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'damaged')) throw error;
      session.#hold = { kind: 'unreadable', error };
    }
    return session;
  }

  get hold(): Hold {
    return this.#hold;
  }

  get view(): SessionView {
    return this.#view;
  }

  get metadata(): JsonObject | undefined {
    return this.#metadata;
  }

  get agent(): Agent | undefined {
    return this.#hold.kind === 'written' ? this.#hold.agent : undefined;
  }

  /** The model that it asks next, where it has one of its own. */
  get choice(): ModelChoice | undefined {
    if (this.#hold.kind === 'read') return this.#hold.follower.info?.model;
    return this.agent?.info().model ?? this.#draftChoice;
  }

  /** False: it has begun, its agent takes the model. */
  chooseForDraft(choice: ModelChoice): boolean {
    if (this.#hold.kind !== 'draft' || this.#opening) return false;
    this.#draftChoice = choice;
    return true;
  }

  get readOnly(): ReadOnlyReason | undefined {
    return readOnlyReason(this, this.#ports.folders());
  }

  /** Whether it can be forgotten without a loss: nobody works in it here. */
  get isOnlyShown(): boolean {
    return this.#hold.kind !== 'written' && this.#opening === undefined;
  }

  /** Looks now what another window, or this one, has changed in it. */
  async refresh(): Promise<void> {
    if (this.#hold.kind === 'read') await this.#hold.follower.refresh();
  }

  /** Reads along what another window writes. */
  watch(on: boolean): void {
    if (this.#hold.kind === 'read') this.#hold.follower.watch(on);
  }

  /** Its agent: made or taken over from the store when it is first needed. @throws the obstacle, SessionHeldError, SessionGoneError, StoreError, ConfigError. */
  async agentFor(opts: OpenOptions = {}): Promise<Agent> {
    const obstacle = this.#ports.obstacle();
    if (obstacle) throw obstacle;
    await this.#losing;
    if (this.#hold.kind === 'written') return this.#hold.agent;
    this.#opening ??= this.#open(opts).finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /**
   * What was cut off goes on from where it can. Nobody waits for it, it may need the key ring; a failure is reported. Another
   * window that took it meanwhile is none: it is read along then.
   */
  goOnIfCutOff(): void {
    this.#goOn().catch((error: unknown) => {
      if (error instanceof SessionHeldError || this.#isGone) return;
      this.#ports.reportProblem('Going on with a session failed', error);
    });
  }

  /** Gives an idle session back to the store and reads along from then on. False: it works here, or waits for a decision. */
  async letGo(): Promise<boolean> {
    if (this.#hold.kind !== 'written' || !this.#hold.agent.isIdle) return false;
    const follower = await this.#openFollower();
    if (!(await this.#ports.agents.letGo(this.sessionId))) {
      await follower.close();
      return false;
    }
    this.#readAlong(follower);
    this.#ports.onChange();
    return true;
  }

  /** Stops what runs and lets go of everything. The history stays in the store. */
  async close(): Promise<void> {
    this.#isGone = true;
    await this.#opening?.catch(() => undefined); // Whoever asked for the agent hears of its failure.
    if (this.#hold.kind === 'read') await this.#hold.follower.close();
    if (this.#hold.kind !== 'written') return;
    await this.#hold.agent.interrupt();
    await this.#ports.agents.letGo(this.sessionId);
  }

  async #goOn(): Promise<void> {
    if (this.#hold.kind !== 'read' || this.#ports.obstacle() || this.readOnly) return;
    if (isCutOff(await this.#hold.follower.load()) && !this.#isGone) await this.agentFor();
  }

  async #open(opts: OpenOptions): Promise<Agent> {
    const { agents } = this.#ports;
    const isNew = this.#hold.kind === 'draft';
    const agent = await (isNew ? agents.create(this.sessionId, this.#draftChoice) : this.#resume(opts));
    if (this.#isGone) {
      await agents.letGo(this.sessionId);
      throw new SessionGoneError();
    }
    // A stored session may have got another name in another window meanwhile: that one counts.
    if (isNew && this.title !== undefined && agent.info().title !== this.title) await agent.setTitle(this.title);
    this.#work(agent);
    this.#ports.onChange();
    return agent;
  }

  async #resume(opts: OpenOptions): Promise<Agent> {
    const reason = this.readOnly;
    if (this.#hold.kind !== 'read' || (reason && reason.kind !== 'held'))
      throw new StoreError('not_supported', 'This session can only be read here.', {
        advice: reason?.kind === 'otherFolder' ? 'Open its folder to go on with it.' : 'Salvage it to go on with it.',
      });
    const { follower } = this.#hold;
    if (!(await this.#ports.store.exists(this.sessionId))) throw new SessionGoneError();
    try {
      const agent = await this.#ports.agents.resume(this.sessionId, strategyFor(await follower.load()), opts);
      await follower.close();
      this.#view = follower.view;
      return agent;
    } catch (error) {
      if (error instanceof SessionHeldError) await follower.refresh();
      throw error;
    }
  }

  #readAlong(follower: SessionFollower): void {
    this.#hold = { kind: 'read', follower };
    this.#view = follower.view;
    this.#takeInfo(follower);
  }

  #takeInfo({ info }: SessionFollower): void {
    this.title = info?.title;
    this.#metadata = info?.metadata;
  }

  #work(agent: Agent): void {
    this.#hold = { kind: 'written', agent };
    this.title = agent.info().title;
    this.#metadata = agent.info().metadata;
    agent.on('storage_failure', ({ error }) => {
      this.#losing = this.#lose(agent, error).catch((failure: unknown) =>
        this.#ports.reportError('A session could not be read', failure),
      );
    });
    const since = { seq: this.#view.seq, timestamp: 0 };
    const follow = async (): Promise<void> => {
      for await (const envelope of agent.subscribe(undefined, { since })) this.#take(envelope);
    };
    follow().catch((error: unknown) => this.#ports.reportError('A session stopped reporting', error));
  }

  /** What happens here cannot be stored any more: another window has taken over, or the disk refuses. It is read from now on. */
  async #lose(agent: Agent, error: FailureInfo): Promise<void> {
    const { agents, onChange, reportProblem } = this.#ports;
    reportProblem('A session could not be stored', new StoreError('io', error.message, { advice: error.advice }));
    await agents.drop(agent);
    if (this.agent !== agent || this.#isGone) return;
    this.#readAlong(await this.#openFollower());
    this.#resumeUntil = Date.now() + predecessorMs;
    onChange();
    this.goOnIfCutOff();
  }

  #openFollower(): Promise<SessionFollower> {
    const { store, onChange, reportError } = this.#ports;
    const isRead = (): boolean => this.#hold.kind === 'read' && !this.#isGone;
    const ports = {
      store,
      onNew: (replayed: Replayed) => {
        if (isRead()) this.#takeAll(replayed);
      },
      onInfo: () => {
        if (this.#hold.kind !== 'read' || this.#isGone) return;
        this.#takeInfo(this.#hold.follower);
        onChange();
      },
      onHolder: () => {
        if (!isRead()) return;
        onChange();
        if (Date.now() < this.#resumeUntil) this.goOnIfCutOff();
      },
      onFailure: (error: unknown) => {
        this.#giveUp(error).catch((failure: unknown) => reportError('A session could not be closed', failure));
      },
    };
    return SessionFollower.open(this.sessionId, ports, this.#view);
  }

  /** It cannot be read any further: what was read stays shown, with the reason. */
  async #giveUp(error: unknown): Promise<void> {
    const { store, onChange, reportError } = this.#ports;
    if (this.#hold.kind !== 'read' || this.#isGone) return;
    const { follower } = this.#hold;
    const isDeleted = !(await store.exists(this.sessionId));
    if (!isDeleted) reportError('A session cannot be read any more', error);
    this.#hold = { kind: 'unreadable', error: isDeleted ? new SessionGoneError() : storeErrorOf(error) };
    onChange();
    await follower.close();
  }

  #takeAll({ view, envelopes }: Replayed): void {
    const { onEvent, onReplaced } = this.#ports;
    this.#view = view;
    if (envelopes) for (const envelope of envelopes) onEvent(this.sessionId, envelope);
    else onReplaced(this.sessionId);
  }

  #take(envelope: Envelope): void {
    this.#view = reduce(this.#view, envelope);
    this.#ports.onEvent(this.sessionId, envelope);
  }
}

function storeErrorOf(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new StoreError('io', `This session cannot be read any more: ${why}`, { advice: 'Select it again.' });
}
