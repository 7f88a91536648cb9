import { realpathSync } from 'node:fs';
import { CommandContainment, type ContainmentOptions } from './commandContainment';

/** One user's part in a containment that several share. */
export interface ContainmentShare {
  readonly containment: CommandContainment;
  /** The last one ends the sandbox's process; resolves when it is gone. */
  close(): Promise<void>;
}

/** The sandboxes of one process: who runs commands in the same folders with the same options has the same one. */
export class ContainmentPool {
  readonly #open = new Map<string, { readonly containment: CommandContainment; shares: number }>();

  share(roots: readonly string[], options: ContainmentOptions = {}): ContainmentShare {
    const real = roots.map(realOf);
    const key = JSON.stringify([[...real].sort(), options]);
    const entry = this.#open.get(key) ?? { containment: new CommandContainment(real, options), shares: 0 };
    this.#open.set(key, entry);
    entry.shares += 1;
    let isClosed = false;
    return {
      containment: entry.containment,
      close: async () => {
        if (isClosed) return;
        isClosed = true;
        entry.shares -= 1;
        if (entry.shares > 0) return;
        this.#open.delete(key);
        await entry.containment.dispose();
      },
    };
  }
}

/** For all who are given no other one: a process has one window. It holds nothing once everybody has closed. */
export const processPool = new ContainmentPool();

function realOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    // Not there: the sandbox will say so when it is tried.
    return folder;
  }
}
