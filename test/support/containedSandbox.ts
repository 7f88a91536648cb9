import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { CommandResult, WorkspacePath } from '../../src/core/sandbox/sandbox';
import type { ContainmentOptions } from '../../src/node/commands/containment/commandContainment';
import { LocalSandbox } from '../../src/node/localSandbox';
import { paths } from '../host/paths.mjs';
import { buildChildProgram, type ChildProgram } from './childProgram';
import { neverAborted } from './refusal';

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

export interface ContainedWorkspace {
  readonly path: string;
  /** A folder that the host hides from commands. */
  readonly store: string;
  /** What the sandbox is opened with. */
  readonly containment: ContainmentOptions;
  readonly sandbox: LocalSandbox;
  /** The hosts that commands may reach. None at the start of each test. */
  allowed: readonly string[];
  readonly run: (command: string, options?: RunOptions) => Promise<CommandResult>;
  /** Makes it a repository with an author. */
  readonly initRepository: () => void;
  readonly git: (...args: readonly string[]) => string;
}

export interface RunOptions {
  readonly outside?: boolean;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** One workspace and one sandbox for a whole suite, as a window has them; emptied between the tests. Call inside of `describe`. */
export function useContainedWorkspace(): ContainedWorkspace {
  const lack = lackOfSandbox();
  let opened: Omit<ContainedWorkspace, 'allowed' | 'run' | 'git' | 'initRepository'> | undefined;
  let program: ChildProgram | undefined;
  const current = (): NonNullable<typeof opened> => {
    if (opened === undefined) throw new Error('The workspace is there only while a test runs.');
    return opened;
  };
  before(async function () {
    if (lack !== undefined) this.skip();
    const built = await buildSandboxRuntime();
    program = built.program;
    const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'countersign-')));
    const store = `${folder}-store`;
    mkdirSync(store);
    const containment = { ...built.options, hidden: [store] };
    const sandbox = new LocalSandbox({ workDir: folder, allowedHosts: () => workspace.allowed, containment });
    opened = { path: folder, store, containment, sandbox };
  });
  after(async () => {
    if (opened === undefined) return;
    await opened.sandbox.dispose();
    program?.remove();
    for (const folder of [opened.path, opened.store]) rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    workspace.allowed = [];
  });
  afterEach(() => {
    const { path: folder } = current();
    for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true });
  });
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: current().path, encoding: 'utf8' });
  const workspace: ContainedWorkspace = {
    get path() {
      return current().path;
    },
    get store() {
      return current().store;
    },
    get containment() {
      return current().containment;
    },
    get sandbox() {
      return current().sandbox;
    },
    allowed: [],
    git,
    initRepository: () => {
      git('init', '-q');
      git('config', 'user.name', 'Ada');
      git('config', 'user.email', 'ada@example.org');
    },
    run: (command, { outside = false, signal = neverAborted, timeoutMs = 15_000 } = {}) => {
      const cwd = current().path as WorkspacePath;
      return current().sandbox.commands.run({ command, cwd, timeoutMs, outside, onOutput: () => undefined }, signal);
    },
  };
  return workspace;
}
