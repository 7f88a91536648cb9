import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import type { ContainmentOptions } from '../../src/node/commands/containment/commandContainment';
import { paths } from '../host/paths.mjs';
import { buildChildProgram, type ChildProgram } from './childProgram';

/** What this machine lacks to hold commands, for the name of a test that cannot run; undefined: nothing. */
export function lackOfSandbox(): string | undefined {
  if (process.platform !== 'linux') return `no bubblewrap on ${process.platform}`;
  const folders = (process.env['PATH'] ?? '').split(':');
  const missing = ['bwrap', 'socat'].filter((name) => !folders.some((folder) => existsSync(path.join(folder, name))));
  if (missing.length > 0) return `${missing.join(' and ')} missing, run node test/host/install.mjs`;
  return existsSync(paths.node) ? undefined : 'Node 24 missing, run node test/host/install.mjs';
}

/** The sandbox's own process as the extension has it: on Node 24, whatever runs these tests. */
export async function buildSandboxRuntime(): Promise<{
  readonly options: ContainmentOptions;
  readonly program: ChildProgram;
}> {
  const program = await buildChildProgram('src/node/commands/containment/sandboxRuntime.ts');
  const version = execFileSync(paths.node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  const vendor = path.resolve('node_modules/@anthropic-ai/sandbox-runtime/vendor/seccomp');
  return {
    program,
    options: {
      node: { file: paths.node, version },
      program: program.file,
      seccomp: path.join(vendor, process.arch, 'apply-seccomp'),
    },
  };
}
