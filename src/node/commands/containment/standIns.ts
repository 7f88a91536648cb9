import { closeSync, lstatSync, mkdirSync, openSync, rmdirSync, unlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isInside } from '../../lexicalPath';
import type { MissingPath } from './runtimeMessages';
import { StandInClaims, type MadeStandIn } from './standInClaims';

const endingMs = 2_000;
const pollMs = 5;

/**
 * Empty files and folders that stand in for protected ones that are not there, while commands run: on Linux only what exists
 * can be held. To take one away opens it to every command that still runs, whoever started it; so the last one that runs
 * there does it, over all processes of this user that can see each other (StandInClaims).
 */
export class StandIns {
  readonly #roots: readonly string[];
  readonly #claims: StandInClaims;
  readonly #users = new Set<string>();
  readonly #made = new Map<string, MadeStandIn>();

  /** @param roots real paths */
  constructor(roots: readonly string[], claims = new StandInClaims()) {
    this.#roots = roots;
    this.#claims = claims;
  }

  /** Those that were made here and are there now. */
  get all(): readonly string[] {
    return [...this.#made.keys()];
  }

  /** To be called before anything is looked for: from now on nobody takes away what is found. `leave` has to follow. */
  async enter(user: string, signal: AbortSignal): Promise<void> {
    if (process.platform !== 'linux') return;
    this.#users.add(user);
    this.#tell();
    const start = performance.now();
    while (this.#claims.others().some(({ isEnding, isAlive }) => isEnding && isAlive)) {
      signal.throwIfAborted();
      if (performance.now() - start > endingMs) throw new Error('Another window does not finish its commands.');
      await sleep(pollMs, undefined, { ref: false });
    }
  }

  /** What is there in the meantime is somebody's own and stays so. */
  add(missing: readonly MissingPath[]): void {
    for (const { path, isFolder } of missing) {
      const made = make(path, isFolder);
      if (made !== undefined) this.#made.set(path, made);
    }
    if (missing.length > 0) this.#tell();
  }

  /** The last one takes the stand-ins away, but for those that others run on. */
  leave(user: string): void {
    if (!this.#users.delete(user) || this.#users.size > 0) return;
    const own = [...this.#made.values()];
    this.#made.clear();
    this.#claims.write({ roots: [], standIns: own, isEnding: true });
    let kept = own;
    try {
      kept = this.#takeAway(own);
    } finally {
      if (kept.length > 0) this.#claims.leave(kept);
      this.#claims.remove();
    }
  }

  /** With those that others have left or died with. @returns those of `own` that are still needed. */
  #takeAway(own: readonly MadeStandIn[]): MadeStandIn[] {
    const others = this.#claims.others();
    const inUse = others.filter(({ isAlive }) => isAlive).flatMap(({ roots }) => roots);
    const isFree = ({ path }: MadeStandIn): boolean => !inUse.some((root) => isInside(root, path, 'posix', false));
    const left = others.filter(({ isAlive, isEnding, roots }) => !isAlive || (!isEnding && roots.length === 0));
    const free = [...own, ...left.flatMap(({ standIns }) => standIns)].filter(isFree);
    // What lies in a folder goes before the folder.
    for (const standIn of free.toSorted((one, other) => other.path.length - one.path.length)) remove(standIn);
    for (const { name, standIns } of left) if (standIns.every(isFree)) this.#claims.discard(name);
    return own.filter((standIn) => !isFree(standIn));
  }

  #tell(): void {
    this.#claims.write({ roots: this.#roots, standIns: [...this.#made.values()], isEnding: false });
  }
}

function make(path: string, isFolder: boolean): MadeStandIn | undefined {
  try {
    if (isFolder) mkdirSync(path);
    else closeSync(openSync(path, 'wx', 0o644));
    const { ino: inode, mtimeMs } = lstatSync(path);
    return { path, inode, ...(!isFolder && { modifiedMs: mtimeMs }) };
  } catch {
    // There by now, or a folder that the user cannot write to either.
    return undefined;
  }
}

/** Only what is empty: anything else was made by somebody. */
function remove({ path, inode, modifiedMs }: MadeStandIn): void {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat?.ino !== inode) return;
    if (stat.isDirectory()) rmdirSync(path);
    else if (stat.isFile() && stat.size === 0 && stat.mtimeMs === modifiedMs) unlinkSync(path);
  } catch {
    // Filled or taken away by somebody in the meantime: not ours any more.
  }
}
