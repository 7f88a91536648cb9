import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

/** A folder of its own for each test of the suite, removed after it. Call inside of `describe`. */
export function useTempFolder(): { readonly path: string; readonly write: (files: Files) => Promise<void> } {
  let current = '';
  beforeEach(() => {
    current = realpathSync(mkdtempSync(path.join(tmpdir(), 'countersign-')));
  });
  afterEach(() => {
    rmSync(current, { recursive: true, force: true });
  });
  return {
    get path() {
      return current;
    },
    write: (files) => writeFiles(current, files),
  };
}

/** Contents by path. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const target = path.join(folder, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
  }
}
