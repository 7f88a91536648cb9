import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

/** What one user of a folder's stand-ins tells the others, those in other processes among them. */
export interface Claim {
  /** Where its commands run now; none: nothing of it runs. */
  readonly roots: readonly string[];
  readonly standIns: readonly MadeStandIn[];
  /** It takes stand-ins away at this moment. */
  readonly isEnding: boolean;
}

export interface MadeStandIn {
  /** Absolute. */
  readonly path: string;
  /** So that what somebody has put in its place, or touched, is not taken for it. */
  readonly inode: number;
  /** Absent for folders: theirs changes with what is in them. */
  readonly modifiedMs?: number;
}

export interface OthersClaim extends Claim {
  readonly name: string;
  /** Its process runs. */
  readonly isAlive: boolean;
}

/**
 * Claims as files in a folder of this user's, one for each claimer, named after its process. Linux only. Others are seen when
 * they have the same temporary folder and the same process numbers: not from one container to another.
 */
export class StandInClaims {
  readonly #folder: string;
  readonly #name = `${process.pid}-${startOf(process.pid) ?? ''}-${randomUUID()}.json`;

  constructor(folder = path.join(tmpdir(), `countersign-stand-ins-${process.getuid?.() ?? 0}`)) {
    this.#folder = folder;
  }

  /** @throws Error where the folder is somebody else's. */
  write(claim: Claim): void {
    this.#write(this.#name, claim);
  }

  remove(): void {
    this.discard(this.#name);
  }

  /** Stand-ins that nobody runs on any more and that others still need: the last of these takes them away. */
  leave(standIns: readonly MadeStandIn[]): void {
    this.#write(this.#name.replace(/[^-]*$/, `${randomUUID()}.json`), { roots: [], standIns, isEnding: false });
  }

  discard(name: string): void {
    rmSync(path.join(this.#folder, name), { force: true });
  }

  others(): readonly OthersClaim[] {
    return readdirSync(this.#folder)
      .filter((name) => name !== this.#name && name.endsWith('.json'))
      .flatMap((name) => {
        const claim = this.#read(name);
        return claim === undefined ? [] : [{ ...claim, name, isAlive: isClaimerAlive(name) }];
      });
  }

  #read(name: string): Claim | undefined {
    try {
      return JSON.parse(readFileSync(path.join(this.#folder, name), 'utf8')) as Claim;
    } catch {
      // Gone in the meantime: they are put in place whole.
      return undefined;
    }
  }

  #write(name: string, claim: Claim): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const stat = lstatSync(this.#folder);
    if (!stat.isDirectory() || stat.uid !== process.getuid?.())
      throw new Error(`${JSON.stringify(this.#folder)} belongs to somebody else: remove it.`);
    const whole = path.join(this.#folder, `${name}.new`);
    writeFileSync(whole, JSON.stringify(claim), { mode: 0o600 });
    renameSync(whole, path.join(this.#folder, name));
  }
}

function isClaimerAlive(name: string): boolean {
  const [processId = '', start = ''] = name.split('-');
  return startOf(Number(processId)) === start;
}

/** When a process began, as the system counts it; undefined: there is none. */
function startOf(processId: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
    // After the name, which may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
