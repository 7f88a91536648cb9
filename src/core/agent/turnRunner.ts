import type { AgentEvent, Bookmark } from '../protocol/events';
import type { PermissionId } from '../protocol/ids';
import { textOf, type Message } from '../protocol/messages';
import type { Approvals } from './approvals';
import type { Change } from './journal';
import type { AgentState } from './state';
import { infoOf, runTurn, type TurnEnd, type TurnPorts } from './turn';
import { newTurn, type CompleteResult, type Turn } from './turnQueue';

export interface TurnRunnerPorts {
  readonly state: Readonly<AgentState>;
  readonly approvals: Approvals;
  readonly record: (change: Change) => Promise<unknown>;
  /** What a turn runs with; looks around first and may record what it found. */
  readonly prepare: (signal: AbortSignal) => Promise<TurnPorts>;
  readonly lastBookmark: () => Bookmark | undefined;
}

export interface WaitOptions {
  /** 'return': a turn that waits for a decision resolves as 'paused'; 'wait': only its end resolves. Default 'return'. */
  readonly onPause?: 'return' | 'wait';
}

/** Runs the turns of one agent, one after the other, in the order in which their messages were accepted. */
export class TurnRunner {
  readonly #ports: TurnRunnerPorts;
  readonly #waiting: Turn[] = [];
  readonly #listened = new Set<PermissionId>();
  readonly #pauseWatchers = new Set<() => void>();
  #current: Turn | undefined;
  #lastAccepted: Turn | undefined;
  #last: CompleteResult = { status: 'ok' };

  constructor(ports: TurnRunnerPorts) {
    this.#ports = ports;
  }

  get current(): Turn | undefined {
    return this.#current;
  }

  get lastAccepted(): Turn | undefined {
    return this.#lastAccepted;
  }

  get isIdle(): boolean {
    return this.#current === undefined && this.#waiting.length === 0;
  }

  /** Accepts a message: its turn starts now or waits in line. Resolves once the message would survive a crash. */
  async accept(message: Message): Promise<Turn> {
    const turn = newTurn(message);
    if (this.#current) {
      this.#waiting.push(turn);
      try {
        await this.#ports.record({ events: [{ channel: 'progress', type: 'message_queued', message }] });
      } catch (error) {
        // Not accepted, so it must not run either.
        const place = this.#waiting.indexOf(turn);
        if (place >= 0) this.#waiting.splice(place, 1);
        throw error;
      }
      this.#lastAccepted = turn;
      return turn;
    }
    this.#current = turn;
    try {
      await this.#begin(turn);
    } catch (error) {
      turn.result.reject(error);
      this.#startNext();
      throw error;
    }
    this.#lastAccepted = turn;
    void this.#drive(turn);
    return turn;
  }

  /** The result of a turn, of the running one by default, of the last one when none runs. */
  async wait(turn: Turn | undefined, { onPause = 'return' }: WaitOptions): Promise<CompleteResult> {
    const awaited = turn ?? this.#current;
    if (!awaited) return this.#last;
    if (onPause === 'wait') return awaited.result.promise;
    let watcher: () => void = () => undefined;
    const paused = new Promise<CompleteResult>((resolve) => {
      watcher = () => {
        if (this.#isPaused()) resolve({ status: 'paused', ...this.#place(), permissionIds: this.#openIds() });
      };
    });
    this.#pauseWatchers.add(watcher);
    watcher();
    try {
      return await Promise.race([awaited.result.promise, paused]);
    } finally {
      this.#pauseWatchers.delete(watcher);
    }
  }

  /** Stops the running turn and drops what waits in line; resolves when all is at rest. Nothing happens when none runs. */
  async interrupt(): Promise<void> {
    const turn = this.#current;
    if (!turn) return;
    const dropped = this.#dropWaiting();
    turn.abort.abort(new Error('The turn was interrupted.'));
    await dropped;
    await turn.result.promise.catch(() => undefined); // Whoever waits for the turn hears of its failure.
  }

  /** Drops what waits in line and stops what runs. */
  async close(): Promise<void> {
    await this.#dropWaiting();
    await this.interrupt();
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
    await this.#ports.record({ events });
  }

  /** Called when every listener of a question has returned: if it is still open, the turn is paused. */
  listened(permissionId: PermissionId): void {
    this.#listened.add(permissionId);
    for (const watcher of this.#pauseWatchers) watcher();
  }

  #isPaused(): boolean {
    const open = this.#openIds();
    return open.length > 0 && open.every((id) => this.#listened.has(id));
  }

  #openIds(): readonly PermissionId[] {
    return this.#ports.approvals.open.map((approval) => approval.permissionId);
  }

  #place(): { readonly last?: Bookmark } {
    const last = this.#ports.lastBookmark();
    return last ? { last } : {};
  }

  async #begin(turn: Turn): Promise<void> {
    const { state, record } = this.#ports;
    await record({
      messages: [turn.message],
      events: [
        { channel: 'progress', type: 'user_message', message: turn.message },
        { channel: 'monitor', type: 'state_changed', state: 'WORKING' },
        { channel: 'monitor', type: 'breakpoint_changed', previous: state.breakpoint, current: 'PRE_MODEL' },
      ],
    });
  }

  async #drive(turn: Turn): Promise<void> {
    const { state } = this.#ports;
    const firstOwn = state.messages.length;
    try {
      const end = await this.#run(turn);
      await this.#ports.record({ events: endEvents(end, state) });
      this.#last = this.#resultOf(end, state.messages.slice(firstOwn));
      turn.result.resolve(this.#last);
    } catch (error) {
      // The store failed: there is nowhere left to write that down, so it goes to whoever waits.
      this.#last = { status: 'failed', error: infoOf(error) };
      turn.result.reject(error);
    } finally {
      this.#startNext();
    }
  }

  async #run(turn: Turn): Promise<TurnEnd> {
    const { signal } = turn.abort;
    try {
      return await runTurn(await this.#ports.prepare(signal), signal);
    } catch (error) {
      if (signal.aborted) return { reason: 'interrupted', step: 0 };
      return { reason: 'failed', step: 0, error: infoOf(error) };
    }
  }

  #startNext(): void {
    const next = this.#waiting.shift();
    this.#current = next;
    if (!next) return;
    this.#begin(next).then(
      () => void this.#drive(next),
      (error: unknown) => {
        next.result.reject(error);
        this.#startNext();
      },
    );
  }

  #resultOf(end: TurnEnd, own: readonly Message[]): CompleteResult {
    const answer = own.findLast((message) => message.role === 'assistant');
    const text = answer && textOf(answer);
    return {
      status: end.reason === 'completed' ? 'ok' : end.reason === 'interrupted' ? 'interrupted' : 'failed',
      ...(text !== undefined && { text }),
      ...this.#place(),
      ...(end.error && { error: end.error }),
    };
  }
}

function endEvents(end: TurnEnd, state: Readonly<AgentState>): readonly AgentEvent[] {
  return [
    { channel: 'monitor', type: 'breakpoint_changed', previous: state.breakpoint, current: 'READY' },
    { channel: 'progress', type: 'done', step: end.step, reason: end.reason, ...(end.error && { error: end.error }) },
    { channel: 'monitor', type: 'state_changed', state: 'READY' },
  ];
}
