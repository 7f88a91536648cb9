import { realpath } from 'node:fs/promises';
import * as path from 'node:path';
import { SandboxError } from '../core/errors';
import type { GuardedPath, ResolvedPath, WorkspacePath, WorkspaceRoot } from '../core/sandbox/sandbox';
import { guardBelow, guardOfLinks, guardOfLogin } from './guardOf';
import { checkLexically, hostPathRules, isInside } from './lexicalPath';
import { ignoresCase, realPathOf } from './realPath';
import { systemCodeOf, unlessFailing } from './systemError';

export interface PathBoxOptions {
  readonly roots: readonly WorkspaceRoot[];
  /** Further folders in which absolute paths are allowed. */
  readonly allowPaths?: readonly string[];
  /** False lifts the boundary: every path that passes the other rules is allowed. Default true. */
  readonly enforceBoundary?: boolean;
}

interface RealRoot {
  /** Undefined for folders that are allowed beside the workspace: their paths are shown absolute. */
  readonly name: string | undefined;
  readonly real: string;
  readonly ignoreCase: boolean;
}

/** Keeps paths inside the workspace: what it resolves lies in a root, through every symbolic link. */
export class PathBox {
  readonly roots: readonly WorkspaceRoot[];
  readonly #allowPaths: readonly string[];
  readonly #enforceBoundary: boolean;
  #realRoots: Promise<readonly RealRoot[]> | undefined;

  constructor({ roots, allowPaths = [], enforceBoundary = true }: PathBoxOptions) {
    this.roots = roots;
    this.#allowPaths = allowPaths;
    this.#enforceBoundary = enforceBoundary;
  }

  /** @throws SandboxError with the path as it was given. */
  async resolve(input: string, signal: AbortSignal): Promise<ResolvedPath> {
    signal.throwIfAborted();
    checkLexically(input, hostPathRules);
    const candidates = path.isAbsolute(input) ? [path.resolve(input)] : this.#placesOf(input);
    const found = await this.#locateAll(candidates, input);
    const existing = found.filter(({ exists }) => exists);
    const chosen = existing[0] ?? found[0];
    if (existing.length > 1)
      throw new SandboxError(
        'ambiguous_root',
        `The path ${JSON.stringify(input)} stands in several workspace folders: ${existing.map(({ display }) => display).join(', ')}.`,
        { advice: 'Begin the path with the name of the folder you mean.' },
      );
    if (!chosen) throw noWorkspace();
    return chosen;
  }

  /** Whether an absolute path without symbolic links lies inside. */
  async contains(real: string): Promise<boolean> {
    return (await this.#rootOf(real)) !== undefined || !this.#enforceBoundary;
  }

  /** A real path as people know it: relative to its root. */
  async displayOf(real: string): Promise<string> {
    return displayIn(await this.#rootOf(real), real, this.roots.length > 1);
  }

  /** What speaks against touching a real path unasked, as its names tell. */
  async guardOf(real: string): Promise<GuardedPath | undefined> {
    const folders = await this.#foldersOf(real);
    return guardBelow(
      folders.map((folder) => folder.real),
      real,
    );
  }

  /** The real folders of the workspace, in order. @throws SandboxError 'no_workspace'. */
  async realRoots(): Promise<readonly WorkspacePath[]> {
    const roots = await this.#allRoots();
    return roots.flatMap(({ name, real }) => (name === undefined ? [] : [real as WorkspacePath]));
  }

  /** The different places that lie inside. @throws SandboxError when none of them does. */
  async #locateAll(candidates: readonly string[], input: string): Promise<readonly ResolvedPath[]> {
    const results = await Promise.allSettled(candidates.map((candidate) => this.#locate(candidate, input)));
    const found = new Map(
      results.flatMap((result) => (result.status === 'fulfilled' ? [[result.value.path, result.value] as const] : [])),
    );
    const failures = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
    if (found.size === 0 && failures.length > 0) throw failures[0];
    return [...found.values()];
  }

  async #locate(candidate: string, input: string): Promise<ResolvedPath> {
    const { path: real, exists } = await realPathOf(candidate);
    const root = await this.#rootOf(real);
    if (!root && this.#enforceBoundary) throw await this.#outside(input, real);
    const named = await this.guardOf(real);
    const login = named?.kind !== 'secret' && exists ? await guardOfLogin(real) : undefined;
    const guarded = login ?? named ?? (exists ? await guardOfLinks(real) : undefined);
    const display = displayIn(root, real, this.roots.length > 1);
    return { path: real as WorkspacePath, display, exists, ...(guarded && { guarded }) };
  }

  /** The absolute paths that a relative one can mean: in the root it names, else in each root. */
  #placesOf(relative: string): readonly string[] {
    const [first] = this.roots;
    if (!first) throw noWorkspace();
    if (this.roots.length === 1) return [path.resolve(first.path, relative)];
    const [name, ...rest] = relative
      .split(process.platform === 'win32' ? /[\\/]+/ : /\/+/)
      .filter((part) => part !== '.');
    if (name === undefined) return [first.path];
    const named = this.roots.filter((root) => root.name === name);
    if (named.length > 1)
      throw new SandboxError(
        'ambiguous_root',
        `Several workspace folders have the name ${JSON.stringify(name)} that ${JSON.stringify(relative)} begins with.`,
        { advice: 'Use an absolute path.' },
      );
    if (named[0]) return [path.resolve(named[0].path, ...rest)];
    return this.roots.map((root) => path.resolve(root.path, relative));
  }

  async #rootOf(real: string): Promise<RealRoot | undefined> {
    // Of roots inside each other the innermost one.
    return (await this.#foldersOf(real)).reduce<RealRoot | undefined>(
      (best, root) => (best && best.real.length >= root.real.length ? best : root),
      undefined,
    );
  }

  async #foldersOf(real: string): Promise<readonly RealRoot[]> {
    return (await this.#allRoots()).filter((root) => isInside(root.real, real, hostPathRules, root.ignoreCase));
  }

  /** Resolved once; a failure is tried again the next time. */
  #allRoots(): Promise<readonly RealRoot[]> {
    this.#realRoots ??= this.#resolveRoots().catch((error: unknown) => {
      this.#realRoots = undefined;
      throw error;
    });
    return this.#realRoots;
  }

  async #resolveRoots(): Promise<readonly RealRoot[]> {
    const roots = await Promise.all(
      this.roots.map(async ({ name, path: folder }) => ({ name, real: await realFolder(folder) })),
    );
    const allowed = await Promise.all(
      this.#allowPaths.map(async (folder) => {
        const real = await unlessFailing(['ENOENT', 'ENOTDIR'], realpath(folder));
        return real === undefined ? [] : [{ name: undefined, real }];
      }),
    );
    return Promise.all(
      [...roots, ...allowed.flat()].map(async (root) => ({ ...root, ignoreCase: await ignoresCase(root.real) })),
    );
  }

  async #outside(input: string, real: string): Promise<SandboxError> {
    const leads = path.resolve(input) === real ? '' : ` It leads to ${JSON.stringify(real)}.`;
    const roots = await this.realRoots();
    return new SandboxError('outside', `The path ${JSON.stringify(input)} lies outside of the workspace.${leads}`, {
      advice: `Stay inside of ${roots.join(', ')}; relative paths begin there.`,
    });
  }
}

function displayIn(root: RealRoot | undefined, real: string, severalRoots: boolean): string {
  if (root?.name === undefined) return real;
  const relative = path.relative(root.real, real).split(path.sep).join('/');
  if (!severalRoots) return relative === '' ? '.' : relative;
  return relative === '' ? root.name : `${root.name}/${relative}`;
}

async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    throw new SandboxError(
      'no_workspace',
      `The workspace folder ${JSON.stringify(folder)} cannot be opened (${systemCodeOf(error) ?? String(error)}).`,
      {
        advice: 'Open a folder that exists.',
        cause: error,
      },
    );
  }
}

function noWorkspace(): SandboxError {
  return new SandboxError('no_workspace', 'No folder is open.', { advice: 'Open a folder first.' });
}
