import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import * as path from 'node:path';
import type { Readable } from 'node:stream';
import { build } from 'esbuild';

export interface ChildProgram {
  start(args: readonly string[]): ChildProcessByStdio<null, Readable, null>;
  remove(): void;
}

/** Builds a TypeScript file, named from the repository's root, so that it can run in processes of its own. */
export async function buildChildProgram(source: string): Promise<ChildProgram> {
  const name = path.basename(source, '.ts');
  const outfile = path.resolve('build/programs', `${name}-${process.pid}.js`);
  await build({
    ...{ entryPoints: [source], outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node20' },
    ...{ packages: 'external', logLevel: 'error' },
  });
  return {
    start: (args) => spawn(process.execPath, [outfile, ...args], { stdio: ['ignore', 'pipe', 'inherit'] }),
    remove: () => rmSync(outfile, { force: true }),
  };
}
