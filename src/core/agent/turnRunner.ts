import type { AgentEvent, Bookmark } from '../protocol/events';
import type { PermissionId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { ToolCallRecord } from '../protocol/toolCalls';
import type { Approvals } from './approvals';
import { sealing } from './cutOff';
import { infoOf } from './failureInfo';
import type { Change } from './journal';
import { Pauses } from './pauses';
import { ReopenedCalls } from './reopenedCalls';
import type { AgentState } from './state';
import { endEvents, runTurn } from './turn';
import { beginning } from './told';
import type { TurnEnd, TurnPorts } from './turnPorts';
import { newTurn, resultOf, type CompleteResult, type Turn, type WaitOptions } from './turnQueue';

export interface TurnRunnerPorts {
  readonly state: Readonly<AgentState>;
  readonly approvals: Approvals;
  readonly record: (change: Change) => Promise<unknown>;
  /** What a turn runs with; looks around first and may record what it found. */
  readonly prepare: (turn: Turn, signal: AbortSignal) => Promise<TurnPorts>;
  readonly now: () => number;
  readonly lastBookmark: () => Bookmark | undefined;
  /** The calls that the last answer asks for and that have no results. */
  readonly unanswered: () => Promise<readonly ToolCallRecord[]>;
  /** Something could not be stored, and there is nowhere to write that down. */
  readonly onStoreFailure: (error: unknown) => void;
}

/** Runs the turns of one agent, one after the other, in the order in which their messages were accepted. */
export class TurnRunner {
  readonly #ports: TurnRunnerPorts;
  readonly #waiting: Turn[] = [];
  readonly #pauses: Pauses;
  #current: Turn | undefined;
  /** What is done while no turn runs. */
  #between: { readonly abort: AbortController; readonly done: Promise<unknown> } | undefined;
  #closed = false;
  /** The last turn could not be stored to its end: it may have left calls without results. */
  #unsettled = false;
  #onHold = false; // What waits in line waits on, until the next message.
  #lastAccepted: Turn | undefined;
  #last: CompleteResult = { status: 'ok' };

  constructor(ports: TurnRunnerPorts) {
    this.#ports = ports;
    this.#pauses = new Pauses(
      () => ports.approvals.open.map((approval) => approval.permissionId),
      () => this.#current?.goesOn?.reopened?.isWaiting === true,
    );
  }

  get current(): Turn | undefined {
    return this.#current;
  }

  get lastAccepted(): Turn | undefined {
    return this.#lastAccepted;
  }

  /** Whether nothing runs. What waited in line before a restart may still wait. */
  get isIdle(): boolean {
    return this.#current === undefined && this.#between === undefined;
  }

  /** Accepts a message: its turn starts now or waits in line. Resolves once the message would survive a crash. */
  async accept(message: Message): Promise<Turn> {
    const turn = newTurn(message);
    this.#onHold = false;
    if (!this.isIdle || this.#waiting.length > 0) {
      await this.#queue(turn);
      this.#lastAccepted = turn;
      // A turn that waits since a restart makes way: its calls are sealed, and the message is next.
      if (this.#current?.goesOn?.reopened?.isWaiting) this.#current.abort.abort(new Error('A new message was sent.'));
      else this.start();
      return turn;
    }
    this.#current = turn;
    try {
      await this.#begin(turn);
    } catch (error) {
      turn.result.reject(error);
      this.#startNext();
      this.#ports.onStoreFailure(error);
      throw error;
    }
    this.#lastAccepted = turn;
    void this.#drive(turn);
    return turn;
  }

  /** The messages that wait in line. */
  get queued(): readonly Message[] {
    return this.#waiting.map((turn) => turn.message);
  }

  /** Puts back what waited in line before a restart. It starts with the next message, or with `start`. */
  restoreQueue(messages: readonly Message[]): void {
    this.#waiting.push(...messages.map((message) => newTurn(message)));
  }

  /** Starts what waits in line, where nothing runs. */
  start(): void {
    if (this.isIdle) this.#startNext();
  }

  /** Does something while no turn runs; what is sent meanwhile waits in line. Stop ends it. Only to be called when idle. */
  between<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    const done = this.#doBetween(work, abort.signal);
    this.#between = { abort, done };
    return done;
  }

  /** Goes on with a turn that a restart cut off. @param calls its calls, to be answered first. */
  goOn(message: Message, calls?: readonly ToolCallRecord[]): void {
    const abort = new AbortController();
    const reopened = calls && new ReopenedCalls(calls, this.#ports.approvals, abort.signal);
    const turn = newTurn(message, abort, { ...(reopened && { reopened }) });
    this.#current = turn;
    this.#lastAccepted = turn;
    for (const { permissionId } of reopened?.questions ?? []) this.#pauses.listened(permissionId);
    void this.#drive(turn);
  }

  /** The result of a turn, of the running one by default, of the last one when none runs. */
  async wait(turn: Turn | undefined, { onPause = 'return' }: WaitOptions): Promise<CompleteResult> {
    await (turn ? undefined : this.#restedBetween());
    const awaited = turn ?? this.#current;
    if (!awaited) return this.#last;
    if (onPause === 'wait') return awaited.result.promise;
    return this.#pauses.orPause(awaited.result.promise, (permissionIds) => ({
      ...{ status: 'paused', permissionIds },
      ...this.#place(),
    }));
  }

  /** Stops the running turn and drops what waits in line; resolves when all is at rest. */
  async interrupt({ keepQueued = false }: { readonly keepQueued?: boolean } = {}): Promise<void> {
    const turn = this.#current;
    this.#onHold = keepQueued;
    const dropped = keepQueued ? undefined : this.#dropWaiting();
    await this.#endBetween('The work was interrupted.');
    if (!turn) return dropped;
    turn.abort.abort(new Error('The turn was interrupted.'));
    await dropped;
    await turn.result.promise.catch(() => undefined); // Whoever waits for the turn hears of its failure.
  }

  /** Stops what runs and starts nothing any more. What waits in line stays in the store, for the next time. */
  async close(): Promise<void> {
    this.#closed = true;
    const turn = this.#current;
    for (const waiting of this.#waiting.splice(0)) waiting.result.resolve({ status: 'interrupted' });
    turn?.abort.abort(new Error('The session was closed.'));
    await this.#endBetween('The session was closed.');
    await turn?.result.promise.catch(() => undefined);
  }

  async #doBetween<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await work(signal);
    } catch (error) {
      if (!this.#closed) this.#ports.onStoreFailure(error);
      throw error;
    } finally {
      this.#between = undefined;
      this.start();
    }
  }

  async #endBetween(why: string): Promise<void> {
    this.#between?.abort.abort(new Error(why));
    await this.#restedBetween();
  }

  async #restedBetween(): Promise<void> {
    await this.#between?.done.catch(() => undefined); // Whoever asked for it hears of its failure.
  }

  async #dropWaiting(): Promise<void> {
    const dropped = this.#waiting.splice(0);
    if (dropped.length === 0) return;
    const events = dropped.map(({ message }): AgentEvent => ({
      channel: 'progress',
      type: 'message_dropped',
      messageId: message.id,
    }));
    for (const turn of dropped) turn.result.resolve({ status: 'interrupted' });
    await this.#ports.record({ events, late: () => ({ queued: this.queued }) });
  }

  async #queue(turn: Turn): Promise<void> {
    this.#waiting.push(turn);
    const { message } = turn;
    try {
      const events: readonly AgentEvent[] = [{ channel: 'progress', type: 'message_queued', message }];
      await this.#ports.record({ events, late: () => ({ queued: this.queued }) });
    } catch (error) {
      // Not accepted, so it must not run either.
      const place = this.#waiting.indexOf(turn);
      if (place >= 0) this.#waiting.splice(place, 1);
      throw error;
    }
  }

  /** Called when every listener of a question has returned: if it is still open, the turn is paused. */
  listened(permissionId: PermissionId): void {
    this.#pauses.listened(permissionId);
  }

  #place(): { readonly last?: Bookmark } {
    const last = this.#ports.lastBookmark();
    return last ? { last } : {};
  }

  async #begin(turn: Turn): Promise<void> {
    const { state, record, now } = this.#ports;
    const left = this.#unsettled ? sealing(await this.#ports.unanswered(), now()) : undefined;
    await record({
      ...(left && { toolCalls: left.toolCalls }),
      turn: { messageId: turn.message.id, startedAt: now() },
      late: () => ({ queued: this.queued, ...beginning(state.info, left?.messages ?? [], turn.message) }),
      events: [
        ...(left?.events ?? []),
        { channel: 'progress', type: 'user_message', message: turn.message },
        { channel: 'monitor', type: 'state_changed', state: 'WORKING' },
        { channel: 'monitor', type: 'breakpoint_changed', previous: state.breakpoint, current: 'PRE_MODEL' },
      ],
    });
    this.#unsettled = false;
  }

  async #drive(turn: Turn): Promise<void> {
    const { state } = this.#ports;
    const firstOwn = state.conversation.count;
    try {
      const end = await this.#run(turn);
      await this.#recordEnd(end);
      const messages = await state.conversation.load();
      const own = messages.slice(Math.max(0, firstOwn - state.conversation.start));
      this.#last = resultOf(end, own, this.#ports.lastBookmark());
      turn.result.resolve(this.#last);
    } catch (error) {
      // The store failed: there is nowhere left to write that down, so it goes to whoever waits.
      this.#last = this.#closed ? { status: 'interrupted' } : { status: 'failed', error: infoOf(error) };
      if (this.#closed) turn.result.resolve(this.#last);
      else {
        this.#unsettled = true;
        turn.result.reject(error);
        this.#ports.onStoreFailure(error);
      }
    } finally {
      state.conversation.release();
      this.#startNext();
    }
  }

  async #run(turn: Turn): Promise<TurnEnd> {
    const { signal } = turn.abort;
    try {
      const ports = await this.#ports.prepare(turn, signal);
      return await runTurn(ports, signal, turn.goesOn?.reopened);
    } catch (error) {
      const wasStopped = signal.aborted;
      // Whatever of the turn still runs or waits for an answer ends with it.
      turn.abort.abort(error);
      this.#unsettled = true;
      return wasStopped ? { reason: 'interrupted', step: 0 } : { reason: 'failed', step: 0, error: infoOf(error) };
    }
  }

  /** Ends the turn; calls that it left without results get them in the same record. */
  async #recordEnd(end: TurnEnd): Promise<void> {
    const { state, record, now } = this.#ports;
    const left = this.#unsettled ? sealing(await this.#ports.unanswered(), now()) : undefined;
    const events = [...(left?.events ?? []), ...endEvents(end, state)];
    await record({ ...left, events, turn: null, stepCount: state.stepCount });
    this.#unsettled = false;
  }

  #startNext(): void {
    const next = this.#onHold || this.#closed ? undefined : this.#waiting.shift();
    this.#current = next;
    if (!next) return;
    this.#begin(next).then(
      () => void this.#drive(next),
      (error: unknown) => {
        // It was accepted, so it stays in line: the next message tries again.
        this.#waiting.unshift(newTurn(next.message));
        this.#current = undefined;
        next.result.reject(error);
        if (!this.#closed) this.#ports.onStoreFailure(error);
      },
    );
  }
}
