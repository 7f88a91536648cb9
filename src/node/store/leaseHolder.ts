import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { AgentId } from '../../core/protocol/ids';
import { SessionHeldError } from '../../core/store/sessionHeld';
import type { OpenOptions, SessionHolder } from '../../core/store/store';
import { Heartbeats } from './heartbeat';
import { lookAtLease, takeLease, type Lease, type LeaseAttempt, type LeasePorts, type OwnerState } from './lease';
import { askChannel, openLeaseChannel, removeChannel, type ChannelRequest, type LeaseChannel } from './leaseChannel';
import { judge, type HolderAddress, type LeaseOwner } from './leaseOwner';
import type { Machine } from './machine';

export interface LeaseHolderOptions {
  /** Where the store objects of all windows leave their heartbeats. */
  readonly folder: string;
  readonly machine: () => Promise<Machine>;
  readonly now: () => number;
  /** Whether the session was let go, so that who asks may take it. */
  readonly onHandOver: (agentId: AgentId) => Promise<boolean>;
}

/** A lease that was taken. `after` as in LeaseAttempt. */
export interface TakenLease {
  readonly lease: Lease;
  /** 'clean': whoever had it before brought everything to its end. 'rebooted': and the machine went down since. */
  readonly after: 'clean' | 'killed' | 'rebooted';
  /** Gives it back; `folder`: where the session's folder is now. */
  release(folder?: string): Promise<void>;
}

/** One store object as a holder of leases: it can be asked and shows that it lives while it holds any, and judges other holders. */
export class LeaseHolder {
  readonly #options: LeaseHolderOptions;
  readonly #heartbeats: Heartbeats;
  readonly #id = randomUUID();
  readonly #token = randomUUID();
  #presence: Promise<Presence> | undefined;
  #leases = 0;

  constructor(options: LeaseHolderOptions) {
    this.#options = options;
    this.#heartbeats = new Heartbeats(options.folder);
  }

  /** @throws SessionHeldError; the system's ENOENT when the session's folder is gone. */
  async take(folder: string, agentId: AgentId, { takeOver = 'never', waitMs = 0 }: OpenOptions): Promise<TakenLease> {
    const { channel } = await this.#enter();
    try {
      const ports = await this.#ports(agentId, channel?.address);
      const attempt = (): Promise<LeaseAttempt> => takeLease(folder, ports, takeOver === 'unjudged');
      let deadline = performance.now() + waitMs;
      let asked = takeOver !== 'ask';
      for (;;) {
        const result = await attempt();
        if (result.kind === 'taken') return await this.#taken(result);
        if (!asked && result.state === 'alive') {
          asked = true;
          const wasLetGo = await ask(result.owner.holder, { ask: 'handOver', agentId }, handOverMs);
          if (wasLetGo) deadline = Math.max(deadline, performance.now() + releasedMs);
        } else if (performance.now() >= deadline) throw new SessionHeldError(agentId, holderOf(result));
        else await pause(lookAgainMs);
      }
    } catch (error) {
      await this.#leave();
      throw error;
    }
  }

  /** Who else has it; undefined: nobody, or this holder. */
  async look(folder: string, agentId: AgentId): Promise<SessionHolder | undefined> {
    const found = await lookAtLease(folder, await this.#ports(agentId, undefined));
    return found && holderOf(found);
  }

  async #ports(agentId: AgentId, channel: string | undefined): Promise<LeasePorts> {
    const machine = await this.#options.machine();
    return {
      self: machine.self,
      holder: { id: this.#id, token: this.#token, channel },
      now: this.#options.now,
      judge: (owner) => this.#judge(owner, machine, agentId),
    };
  }

  async #judge(owner: LeaseOwner, machine: Machine, agentId: AgentId): Promise<OwnerState> {
    const judgement = await judge(owner, machine, () => this.#heartbeats.last(owner.holder.id));
    if (judgement !== 'unknown') return judgement;
    if ((await ask(owner.holder, { ask: 'alive', agentId }, aliveMs)) !== undefined) return 'alive';
    return (await this.#heartbeats.isFresh(owner.holder.id)) ? 'alive' : 'unknown';
  }

  async #taken(attempt: Extract<LeaseAttempt, { kind: 'taken' }>): Promise<TakenLease> {
    const { lease, after, previous } = attempt;
    if (after === 'dead' && previous) await this.#removeTraces(previous.holder);
    const { self } = await this.#options.machine();
    const sameBoot = previous?.bootId !== undefined && previous.bootId === self.bootId;
    let isReleased = false;
    return {
      lease,
      after: after === 'nobody' || after === 'released' ? 'clean' : sameBoot ? 'killed' : 'rebooted',
      release: async (folder) => {
        if (isReleased) return;
        isReleased = true;
        try {
          await lease.release(folder);
        } finally {
          await this.#leave();
        }
      },
    };
  }

  /** Of a process that died. */
  async #removeTraces({ id, channel }: HolderAddress): Promise<void> {
    await this.#heartbeats.remove(id);
    if (channel !== undefined) await removeChannel(channel);
  }

  async #enter(): Promise<Presence> {
    this.#leases++;
    this.#presence ??= this.#open();
    const presence = this.#presence;
    try {
      return await presence;
    } catch (error) {
      this.#leases--;
      if (this.#presence === presence) this.#presence = undefined;
      throw error;
    }
  }

  async #open(): Promise<Presence> {
    const beat = await this.#heartbeats.start(this.#id);
    const channel = await openLeaseChannel(this.#token, async (request) => {
      // The id goes to handlers that look it up, so nothing is assumed of it.
      return request.ask === 'alive' || (await this.#options.onHandOver(request.agentId as AgentId));
    });
    const close = async (): Promise<void> => {
      await Promise.all([channel?.close(), beat.end()]);
    };
    return { channel, close };
  }

  async #leave(): Promise<void> {
    this.#leases--;
    const presence = this.#presence;
    if (this.#leases > 0 || !presence) return;
    this.#presence = undefined;
    await (await presence).close();
  }
}

interface Presence {
  readonly channel: LeaseChannel | undefined;
  readonly close: () => Promise<void>;
}

/** So long a living holder may take to say that it is there. */
const aliveMs = 500;
/** So long it may take to close a session. */
const handOverMs = 4_000;
/** So long after it was let go a lease may take to be seen as free. */
const releasedMs = 1_000;
const lookAgainMs = 20;

async function ask(holder: HolderAddress, request: ChannelRequest, timeoutMs: number): Promise<boolean | undefined> {
  return holder.channel === undefined ? undefined : askChannel(holder.channel, holder.token, request, timeoutMs);
}

function holderOf(held: { readonly owner: LeaseOwner; readonly state: 'alive' | 'unknown' }): SessionHolder {
  const { pid, host, since } = held.owner;
  return { state: held.state, pid, host, since };
}
