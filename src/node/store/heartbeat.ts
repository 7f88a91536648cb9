import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { unlessFailing } from '../systemError';

/** After this long without a heartbeat, a holder that does not answer either may have ended. Milliseconds. */
export const silentAfterMs = 60_000;

/** Signs of life of the store objects that hold sessions: one file each, in a folder that all of them see. */
export class Heartbeats {
  readonly #folder: string;
  /** What is being taken away: a new sign of life under the same id must not go with it. */
  readonly #ending = new Map<string, Promise<void>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Beats at once and every ten seconds until it is ended; keeps no process alive. */
  async start(id: string): Promise<{ readonly end: () => Promise<void> }> {
    await this.#ending.get(id);
    await mkdir(this.#folder, { recursive: true });
    const file = path.join(this.#folder, id);
    // The content is rewritten so that the file system's clock stamps it: that of another machine may be wrong.
    const beat = async (): Promise<void> => writeFile(file, 'alive\n', { mode: 0o600 });
    await beat();
    let beating: Promise<unknown> = Promise.resolve();
    const timer = setInterval(() => {
      // A missed one is made up by the next; a folder that went away for good has no sessions either.
      beating = beat().catch(() => undefined);
    }, beatMs);
    timer.unref();
    return {
      end: async () => {
        clearInterval(timer);
        const ending = beating.then(() => this.remove(id)).finally(() => this.#ending.delete(id));
        this.#ending.set(
          id,
          ending.catch(() => undefined),
        );
        await ending;
      },
    };
  }

  async remove(id: string): Promise<void> {
    await rm(path.join(this.#folder, id), { force: true });
  }

  /** When it last beat, milliseconds since 1970; undefined: never, or it ended. */
  async last(id: string): Promise<number | undefined> {
    return (await unlessFailing(['ENOENT', 'ENOTDIR'], stat(path.join(this.#folder, id))))?.mtimeMs;
  }

  async isFresh(id: string): Promise<boolean> {
    const last = await this.last(id);
    return last !== undefined && (await this.#now()) - last < silentAfterMs;
  }

  /** The file system's time: that of the machine may differ from it on a network share. */
  async #now(): Promise<number> {
    const probe = path.join(this.#folder, `now-${randomUUID()}`);
    try {
      await writeFile(probe, '');
      return (await stat(probe)).mtimeMs;
    } catch {
      // Not writable for us: the machine's own clock has to do.
      return Date.now();
    } finally {
      await rm(probe, { force: true });
    }
  }
}

const beatMs = 10_000;
