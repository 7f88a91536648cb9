import { isJsonObject, type JsonValue } from '../../core/util/json';
import type { Machine, ProcessIdentity } from './machine';

/** What stands in a lease's file. */
export interface LeaseOwner extends ProcessIdentity {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Where the holder can be asked and shows that it lives. */
  readonly holder: HolderAddress;
}

export interface HolderAddress {
  /** The name of the store object's heartbeat. */
  readonly id: string;
  /** Its socket or named pipe; undefined where none could be opened. */
  readonly channel: string | undefined;
  /** What the channel wants to hear first. */
  readonly token: string;
}

/** The file is one of these, or was cut off while it was written. */
export type LeaseRecord = { readonly kind: 'released' } | { readonly kind: 'owned'; readonly owner: LeaseOwner };

export function leaseText(record: LeaseRecord): string {
  return JSON.stringify(record.kind === 'released' ? { released: true } : record.owner);
}

/** undefined: cut off. */
export function parseLease(text: string): LeaseRecord | undefined {
  const value = parsed(text);
  if (!isJsonObject(value)) return undefined;
  if (value['released'] === true) return { kind: 'released' };
  const { pid, since, host, holder } = value;
  if (typeof pid !== 'number' || typeof since !== 'number' || !isJsonObject(holder)) return undefined;
  const { id, token } = holder;
  // A heartbeat's name that leads out of its folder is nobody's.
  if (typeof id !== 'string' || !/^[\w-]{1,64}$/.test(id) || typeof token !== 'string') return undefined;
  return {
    kind: 'owned',
    owner: {
      ...{ pid, since, host: stringOr(host) ?? 'an unknown host' },
      ...{ machineId: stringOr(value['machineId']), bootId: stringOr(value['bootId']) },
      ...{ pidNamespace: stringOr(value['pidNamespace']), startTime: stringOr(value['startTime']) },
      holder: { id, token, channel: stringOr(holder['channel']) },
    },
  };
}

export type Judgement = 'alive' | 'dead' | 'unknown';

/**
 * Whether the owner's process still runs, as far as that can be told from here. `lastHeartbeat`: milliseconds since 1970 of
 * its last sign of life, if any.
 */
export async function judge(
  owner: LeaseOwner,
  machine: Machine,
  lastHeartbeat: () => Promise<number | undefined>,
): Promise<Judgement> {
  const { self } = machine;
  if (differ(owner.machineId, self.machineId)) return 'unknown';
  if (differ(owner.bootId, self.bootId)) {
    // An earlier start of this machine; or another machine made from the same image, which shows signs of life since.
    if (owner.machineId === undefined || self.machineId === undefined) return 'unknown';
    return ((await lastHeartbeat()) ?? 0) > machine.bootedAt ? 'unknown' : 'dead';
  }
  if (!sameProcessIds(owner, self)) return 'unknown';
  const process = await machine.processState(owner.pid);
  if (process.state === 'gone') return 'dead';
  if (owner.startTime === undefined || process.startTime === undefined) return 'unknown';
  return process.startTime === owner.startTime ? 'alive' : 'dead';
}

/** Whether a process id of the owner's means the same here. */
function sameProcessIds(owner: ProcessIdentity, self: ProcessIdentity): boolean {
  if (owner.pidNamespace === undefined || owner.pidNamespace !== self.pidNamespace) return false;
  const known = (left: string | undefined, right: string | undefined): boolean => left !== undefined && left === right;
  // A boot id is as good as a machine's id, which many containers have not got.
  return known(owner.bootId, self.bootId) || known(owner.machineId, self.machineId);
}

function differ(left: string | undefined, right: string | undefined): boolean {
  return left !== undefined && right !== undefined && left !== right;
}

function stringOr(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
