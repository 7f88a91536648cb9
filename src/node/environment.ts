import { execFile } from 'node:child_process';
import * as os from 'node:os';
import type { Environment, EnvironmentSource } from '../core/agent/prompt';
import type { Sandbox, WorkspaceRoot } from '../core/sandbox/sandbox';
import { readInstructions } from './instructions';

export interface NodeEnvironmentOptions {
  /** What the host's editor shows, as paths for people. Default: nothing. */
  readonly editor?: () => {
    readonly openFiles: readonly string[];
    readonly visibleFiles: readonly string[];
    /** The file whose folder decides which AGENTS.md is nearest. */
    readonly activeFile: string | undefined;
  };
  /** Whether git may be run to read branch and status. Default true. */
  readonly allowProcesses?: () => boolean;
}

/** Looks around on this machine. What cannot be found out is left empty. */
export function nodeEnvironment(options: NodeEnvironmentOptions = {}): EnvironmentSource {
  return {
    async describe(sandbox: Sandbox, signal: AbortSignal): Promise<Environment> {
      const editor = options.editor?.() ?? { openFiles: [], visibleFiles: [], activeFile: undefined };
      const allowed = options.allowProcesses?.() ?? true;
      const [git, instructions] = await Promise.all([
        allowed ? describeGit(sandbox.roots, signal) : Promise.resolve([]),
        readInstructions(sandbox, editor.activeFile, signal),
      ]);
      return {
        os: `${os.type()} ${os.release()} (${process.arch})`,
        shell: sandbox.commands.shell,
        roots: sandbox.roots,
        date: localDate(new Date()),
        git,
        openFiles: editor.openFiles,
        visibleFiles: editor.visibleFiles,
        instructions,
      };
    },
  };
}

function localDate(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

const gitTimeoutMs = 2_000;
const statusCharacters = 2_000;

async function describeGit(roots: readonly WorkspaceRoot[], signal: AbortSignal): Promise<Environment['git']> {
  const found = await Promise.all(
    roots.map(async (root) => {
      const output = await gitStatus(root.path, signal);
      const [head = '', ...changes] = output?.trimEnd().split('\n') ?? [];
      const branch = /^## (?:No commits yet on )?(.+?)(?:\.\.\.|$)/.exec(head)?.[1];
      if (branch === undefined) return [];
      const status = changes.join('\n');
      const shown = status.length > statusCharacters ? `${status.slice(0, statusCharacters)}\n…` : status;
      return [{ root: root.name, branch, status: shown }];
    }),
  );
  return found.flat();
}

/** `git status` without anything that a repository's own configuration could make it run. Undefined where there is no git or no repository. */
function gitStatus(cwd: string, signal: AbortSignal): Promise<string | undefined> {
  const safe = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.pager=cat'];
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
  return new Promise((resolve) => {
    execFile(
      'git',
      [...safe, 'status', '--porcelain', '--branch'],
      { cwd, env, signal, timeout: gitTimeoutMs, maxBuffer: 4_000_000 },
      (error, stdout) => resolve(error ? undefined : stdout),
    );
  });
}
