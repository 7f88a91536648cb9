import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { systemCodeOf, unlessFailing } from '../systemError';
import { leaseText, parseLease, type HolderAddress, type LeaseOwner, type LeaseRecord } from './leaseOwner';
import type { ProcessIdentity } from './machine';

/** What a session's owner looks like from here. */
export type OwnerState = 'alive' | 'dead' | 'unknown';

export interface LeasePorts {
  readonly self: ProcessIdentity;
  readonly holder: HolderAddress;
  readonly now: () => number;
  /** Called with the owner of the highest lease unless it is our own. */
  readonly judge: (owner: LeaseOwner) => Promise<OwnerState>;
}

export type LeaseAttempt =
  | {
      readonly kind: 'taken';
      readonly lease: Lease;
      /** Whose place it is: only after 'nobody' and 'released' was everything brought to its end. */
      readonly after: 'nobody' | 'released' | 'dead' | 'unknown';
      readonly previous: LeaseOwner | undefined;
    }
  | { readonly kind: 'held'; readonly owner: LeaseOwner; readonly state: 'alive' | 'unknown' };

/**
 * The right to write a session, as a file `lock.<n>` in its folder: the highest number counts, and only it. Who finds its
 * owner released or dead makes the next number, which only one can; nothing runs out with time, so that a paused owner keeps
 * its lease. The names do not depend on the history's format.
 */
export class Lease {
  readonly #folder: string;
  readonly #number: number;

  constructor(folder: string, number: number) {
    this.#folder = folder;
    this.#number = number;
  }

  /** The look before each commit: cheap (a few microseconds), since nothing but a person's decision takes it from a living owner. */
  holds(): boolean {
    return !existsSync(this.#file(this.#number + 1)) && existsSync(this.#file(this.#number));
  }

  /** Gives it back; `folder`: where the session's folder was moved to. Nothing happens when another one took over. */
  async release(folder = this.#folder): Promise<void> {
    const marker = path.join(folder, `${unfinished}${randomUUID()}`);
    // A folder that is gone has no lease.
    const { highest } = (await unlessFailing(['ENOENT'], listLeases(folder))) ?? { highest: 0 };
    if (highest !== this.#number) return;
    await writeFile(marker, leaseText({ kind: 'released' }), { mode: 0o600 });
    await rename(marker, path.join(folder, leaseName(this.#number)));
  }

  #file(number: number): string {
    return path.join(this.#folder, leaseName(number));
  }
}

/** `unjudged`: go on in place of an owner that cannot be judged. @throws the system's ENOENT when the folder is gone. */
export async function takeLease(folder: string, ports: LeasePorts, unjudged = false): Promise<LeaseAttempt> {
  for (;;) {
    const found = await highestLease(folder, ports);
    if (found.state === 'alive' || (found.state === 'unknown' && !unjudged))
      return { kind: 'held', owner: found.owner ?? nobodyKnown(found.since), state: found.state };
    const number = found.number + 1;
    const owner: LeaseOwner = { ...ports.self, since: ports.now(), holder: ports.holder };
    if (!(await writeLease(folder, number, leaseText({ kind: 'owned', owner })))) continue;
    const { highest, all, strays } = await listLeases(folder);
    if (highest > number) {
      // What we saw was old: somebody has gone on from there.
      await rm(path.join(folder, leaseName(number)), { force: true });
      continue;
    }
    await removeOld(folder, [
      ...all.filter((one) => one < number).map(leaseName),
      ...(await oldStrays(folder, strays)),
    ]);
    return { kind: 'taken', lease: new Lease(folder, number), after: found.state, previous: found.owner };
  }
}

/** Who has it; undefined: nobody. */
export async function lookAtLease(
  folder: string,
  ports: LeasePorts,
): Promise<{ readonly owner: LeaseOwner; readonly state: 'alive' | 'unknown' } | undefined> {
  const { owner, state, since } = await highestLease(folder, ports);
  return state === 'alive' || state === 'unknown' ? { owner: owner ?? nobodyKnown(since), state } : undefined;
}

/** Whether a file of a session's folder belongs to its lease. */
export function isLeaseFile(name: string): boolean {
  return /^lock\.\d+$/.test(name) || name.startsWith(unfinished);
}

const unfinished = 'locking.';
const leaseName = (number: number): string => `lock.${number}`;
/** So long may a lease that is not whole yet be in the making; on file systems without links only. */
const makingMs = 5_000;
const strayMs = 60_000;

interface FoundLease {
  readonly number: number;
  readonly state: 'nobody' | 'released' | OwnerState;
  readonly owner: LeaseOwner | undefined;
  readonly since: number;
}

async function highestLease(folder: string, ports: LeasePorts): Promise<FoundLease> {
  for (;;) {
    const { highest } = await listLeases(folder);
    if (highest === 0) return { number: 0, state: 'nobody', owner: undefined, since: 0 };
    const file = path.join(folder, leaseName(highest));
    const read = async (): Promise<[string, number]> => [await readFile(file, 'utf8'), (await stat(file)).mtimeMs];
    const found = await unlessFailing(['ENOENT'], read());
    if (!found) continue;
    const [text, since] = found;
    return { number: highest, since, ...(await stateOf(parseLease(text), since, ports)) };
  }
}

async function stateOf(
  record: LeaseRecord | undefined,
  writtenAt: number,
  ports: LeasePorts,
): Promise<Pick<FoundLease, 'state' | 'owner'>> {
  if (!record) return { state: Date.now() - writtenAt < makingMs ? 'unknown' : 'dead', owner: undefined };
  // Our own, which is being taken again: giving it back had failed.
  if (record.kind === 'released' || record.owner.holder.id === ports.holder.id)
    return { state: 'released', owner: undefined };
  return { state: await ports.judge(record.owner), owner: record.owner };
}

async function listLeases(
  folder: string,
): Promise<{ readonly highest: number; readonly all: readonly number[]; readonly strays: readonly string[] }> {
  const names = await readdir(folder);
  const all = names.flatMap((name) => (/^lock\.[1-9]\d{0,14}$/.test(name) ? [Number(name.slice(5))] : []));
  return { highest: Math.max(0, ...all), all, strays: names.filter((name) => name.startsWith(unfinished)) };
}

/** False: somebody else has this number. */
async function writeLease(folder: string, number: number, text: string): Promise<boolean> {
  const whole = path.join(folder, `${unfinished}${randomUUID()}`);
  const target = path.join(folder, leaseName(number));
  try {
    await writeFile(whole, text, { mode: 0o600 });
    try {
      await link(whole, target);
    } catch (error) {
      if (!withoutLinks.includes(systemCodeOf(error) ?? '')) throw error;
      await writeFile(target, text, { mode: 0o600, flag: 'wx' });
    }
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlessFailing(['ENOENT'], unlink(whole));
  }
}

const withoutLinks: readonly string[] = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'EMLINK', 'UNKNOWN'];

/** What is still being linked must stay. */
async function oldStrays(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const ages = await Promise.all(
    names.map(async (name) => (await unlessFailing(['ENOENT'], stat(path.join(folder, name))))?.mtimeMs),
  );
  return names.filter((_name, index) => Date.now() - (ages[index] ?? Infinity) > strayMs);
}

async function removeOld(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(path.join(folder, name), { force: true });
}

function nobodyKnown(since: number): LeaseOwner {
  return {
    ...{ machineId: undefined, bootId: undefined, pidNamespace: undefined, startTime: undefined },
    ...{ pid: 0, host: 'an unknown host', since, holder: { id: 'unknown', channel: undefined, token: '' } },
  };
}
