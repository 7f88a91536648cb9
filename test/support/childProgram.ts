import { build } from 'esbuild';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import * as path from 'node:path';

/** Bundles a TypeScript program of the tests, so that a process of its own can run it. @param source from the project's root. */
export async function buildProgram(source: string): Promise<string> {
  const folder = path.resolve('build/programs');
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, `${path.basename(source).replace(/\.ts$/, '')}-${process.pid}.js`);
  await build({
    ...{ entryPoints: [source], outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node20' },
    ...{ packages: 'external', sourcemap: 'inline', sourcesContent: false, logLevel: 'warning' },
  });
  return outfile;
}

/** A program in a process of its own. */
export interface Program {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Resolves with how it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  kill(): void;
}

export function startProgram(file: string, args: readonly string[]): Program {
  const child = spawn(process.execPath, ['--enable-source-maps', file, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString('utf8')));
  child.stderr.on('data', (data: Buffer) => (output += data.toString('utf8')));
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  return { child, output: () => output, ended, kill: () => child.kill('SIGKILL') };
}
