import * as path from 'node:path';
import { FileType, type Uri } from 'vscode';
import { SandboxError } from '../../core/errors';
import { guardedPath } from '../../core/sandbox/protectedPaths';
import type { GuardedPath, ResolvedPath, WorkspacePath, WorkspaceRoot } from '../../core/sandbox/sandbox';
import { checkLexically, isInside } from '../../node/lexicalPath';
import { fileUri } from '../fileUri';
import { statOf } from './virtualStat';

interface VirtualRoot extends WorkspaceRoot {
  readonly uri: Uri;
}

/**
 * Keeps paths inside the folders of a virtual workspace: by scheme, authority and the path's beginning. Such a file system has
 * no real paths to ask for; where it says that something is a symbolic link, that is refused.
 */
export class VirtualPaths {
  readonly roots: readonly VirtualRoot[];

  /** @param roots their `path` is the folder's URI. */
  constructor(roots: readonly WorkspaceRoot[]) {
    this.roots = roots.map((root) => ({ ...root, uri: fileUri(root.path) }));
  }

  /** Takes relative paths, and its own absolute ones. @throws SandboxError with the path as it was given. */
  async resolve(input: string, signal: AbortSignal): Promise<ResolvedPath> {
    const found: ResolvedPath[] = [];
    for (const uri of this.#placesOf(input)) {
      signal.throwIfAborted();
      found.push(await this.#look(uri, input));
    }
    const existing = found.filter(({ exists }) => exists);
    if (existing.length > 1)
      throw new SandboxError(
        'ambiguous_root',
        `The path ${JSON.stringify(input)} stands in several workspace folders.`,
        {
          advice: `Begin it with the folder's name: ${existing.map(({ display }) => display).join(', ')}.`,
        },
      );
    const chosen = existing[0] ?? found[0];
    if (!chosen) throw noWorkspace();
    return chosen;
  }

  /** For people and for the model. @param uri inside a root. */
  displayOf(uri: Uri): string {
    const root = this.#rootOf(uri);
    const relative = root ? path.posix.relative(root.uri.path, uri.path) : uri.toString();
    if (!root || this.roots.length === 1) return relative === '' ? '.' : relative;
    return relative === '' ? root.name : `${root.name}/${relative}`;
  }

  guardOf(uri: Uri): GuardedPath | undefined {
    const root = this.#rootOf(uri);
    const relative = root ? path.posix.relative(root.uri.path, uri.path) : uri.path;
    return guardedPath(`${root ? path.posix.basename(root.uri.path) : ''}/${relative}`);
  }

  #placesOf(input: string): readonly Uri[] {
    const [first] = this.roots;
    if (!first) throw noWorkspace();
    const absolute = this.#ownAddress(input);
    checkLexically(absolute?.path ?? input, 'posix');
    if (absolute) return [absolute];
    const [name, ...rest] = input.split(/\/+/).filter((part) => part !== '.');
    const named = this.roots.length > 1 ? this.roots.find((root) => root.name === name) : undefined;
    if (named) return [below(named.uri, rest.join('/'))];
    return (name === undefined ? [first] : this.roots).map((root) => below(root.uri, input));
  }

  /** An address as `resolve` gave it before. */
  #ownAddress(input: string): Uri | undefined {
    if (!this.roots.some(({ uri }) => input.startsWith(`${uri.scheme}://`))) return undefined;
    const uri = fileUri(input);
    return uri.with({ path: path.posix.resolve('/', uri.path) });
  }

  async #look(uri: Uri, input: string): Promise<ResolvedPath> {
    const root = this.#rootOf(uri);
    if (!root)
      throw new SandboxError('outside', `The path ${JSON.stringify(input)} lies outside of the workspace.`, {
        advice: `Stay inside of ${this.roots.map((one) => one.path).join(', ')}; relative paths begin there.`,
      });
    const names = path.posix.relative(root.uri.path, uri.path).split('/');
    const steps = names.map((_name, index) => below(root.uri, names.slice(0, index + 1).join('/')));
    const stats = await Promise.all(steps.map((step) => statOf(step)));
    if (stats.some((stat) => stat !== undefined && (stat.type & FileType.SymbolicLink) !== 0))
      throw new SandboxError('symlink', `The path ${JSON.stringify(input)} goes through a symbolic link.`, {
        advice: 'Use a path without it.',
      });
    const guarded = this.guardOf(uri);
    return {
      path: uri.toString() as WorkspacePath,
      display: this.displayOf(uri),
      exists: stats.at(-1) !== undefined,
      ...(guarded && { guarded }),
    };
  }

  /** Of roots inside each other the innermost one. */
  #rootOf(uri: Uri): VirtualRoot | undefined {
    return this.roots
      .filter((root) => uri.scheme === root.uri.scheme && uri.authority === root.uri.authority)
      .filter((root) => uri.query === root.uri.query && isInside(root.uri.path, uri.path, 'posix', false))
      .sort((one, other) => other.uri.path.length - one.uri.path.length)[0];
  }
}

/** Folders of file systems that are not this machine's own. */
export function isVirtual(uri: Uri): boolean {
  return uri.scheme !== 'file';
}

function below(folder: Uri, relative: string): Uri {
  return folder.with({ path: path.posix.resolve(folder.path, relative) });
}

function noWorkspace(): SandboxError {
  return new SandboxError('no_workspace', 'No folder is open.', { advice: 'Open a folder first.' });
}
