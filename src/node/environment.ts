import * as os from 'node:os';
import type { Environment, EnvironmentSource } from '../core/agent/prompt';
import type { Sandbox, WorkspaceRoot } from '../core/sandbox/sandbox';
import { askGit, gitObeysEnvironment } from './commands/askGit';
import { problemOfRepository } from './commands/gitRepository';
import { readInstructions } from './instructions';
import { PathBox } from './pathBox';

/** What a host knows of the surroundings beyond what this machine tells. */
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
      const output = await gitStatus(root, signal);
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

/**
 * `git status` without anything that a repository's own settings could make it run: one that names programs is left alone.
 * Undefined where there is no git or no repository.
 */
async function gitStatus({ name, path: folder }: WorkspaceRoot, signal: AbortSignal): Promise<string | undefined> {
  // The repository may begin above the workspace: only its settings matter, not where it lies.
  const box = new PathBox({ roots: [{ name, path: folder }], enforceBoundary: false });
  try {
    const roots = await box.realRoots();
    const options = { folder: roots[0] ?? folder, variables: process.env, roots, timeoutMs: gitTimeoutMs };
    if ((await problemOfRepository(options.folder, { content: false, box }, signal)) !== undefined) return undefined;
    if (!(await gitObeysEnvironment(options))) return undefined;
    return await askGit(['status', '--porcelain', '--branch'], options, signal);
  } catch (error) {
    // What cannot be looked at is left out.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
