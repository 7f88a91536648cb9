import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { systemCodeOf } from '../../systemError';

/** The sandbox's own folder: made when it is first asked for, together with those that dead processes have left swept away. */
export class ContainmentFolder {
  #path: string | undefined;

  /** Absolute and real. No command may change it. */
  get path(): string {
    if (this.#path !== undefined) return this.#path;
    const above = realpathSync(tmpdir());
    // Short: Unix sockets lie in it.
    this.#path = mkdtempSync(path.join(above, `csgn-${process.pid}-`));
    mkdirSync(this.temporary);
    void sweep(above);
    return this.#path;
  }

  /** The temporary folder of commands, in which they may write. */
  get temporary(): string {
    return path.join(this.path, 'tmp');
  }

  async remove(): Promise<void> {
    const folder = this.#path;
    this.#path = undefined;
    if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Never rejects: what cannot be removed is somebody else's. */
async function sweep(above: string): Promise<void> {
  const names = await readdir(above).catch(() => []);
  for (const name of names) {
    const owner = Number(/^csgn-(\d+)-/.exec(name)?.[1]);
    if (!Number.isInteger(owner) || isAlive(owner)) continue;
    const folder = path.join(above, name);
    const stat = await lstat(folder).catch(() => undefined);
    if (stat?.isDirectory() && stat.uid === process.getuid?.())
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return systemCodeOf(error) !== 'ESRCH';
  }
}
