import { strict as assert } from 'node:assert';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import * as path from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';

export interface ChildProgram {
  /** Where it stands, for those who start it in their own way. */
  readonly file: string;
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
    file: outfile,
    start: (args) => spawn(process.execPath, [outfile, ...args], { stdio: ['ignore', 'pipe', 'inherit'] }),
    remove: () => rmSync(outfile, { force: true }),
  };
}

/** @returns the last number that the process printed; it is killed some milliseconds after its first one */
export async function writeUntilKilled(
  program: ChildProgram,
  args: readonly string[],
  afterMs: number,
): Promise<number> {
  const child = program.start(args);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const isOver = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), isOver]);
  await sleep(afterMs);
  child.kill('SIGKILL');
  await isOver;
  assert.equal(child.signalCode, 'SIGKILL', 'the writer ended by itself');
  // A line that is cut off in its middle was not acknowledged.
  return Number(output.split('\n').at(-2));
}
