import { readdir, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { isSecretPath } from '../../core/sandbox/protectedPaths';
import { systemCodeOf } from '../systemError';

const maxEntries = 40_000;
const maxMs = 600;

/** Strongest first. Those of git hold only inside of a repository. */
const ignoreNames = ['.rgignore', '.ignore', '.gitignore'] as const;

interface Layer {
  readonly folder: string;
  readonly rules: readonly (Ignore | undefined)[];
}

/**
 * A secret that ripgrep would read below a folder: it leaves hidden files out, and what ignore files name, unless one of them
 * takes it in again. 'many': too many files to be sure. @param root where the ignore files begin. Both are real.
 */
export async function secretBelow(folder: string, root: string, signal: AbortSignal): Promise<string | undefined> {
  const endMs = performance.now() + maxMs;
  const inRepository = await isInRepository(root);
  let left = maxEntries;
  const layers: Layer[] = [];
  for (let above = root; above !== folder;) {
    layers.push(await layerOf(above, inRepository));
    const next = path.relative(above, folder).split(path.sep)[0];
    if (next === undefined || next === '..') break;
    above = path.join(above, next);
  }
  const waiting = [{ folder, layers: layers as readonly Layer[] }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    signal.throwIfAborted();
    const entries = await entriesOf(next.folder);
    left -= entries.length;
    if (left < 0 || performance.now() > endMs) return 'many';
    const own = entries.some(({ name }) => (ignoreNames as readonly string[]).includes(name))
      ? [...next.layers, await layerOf(next.folder, inRepository)]
      : next.layers;
    for (const entry of entries) {
      const target = path.join(next.folder, entry.name);
      if (entry.name === '.git' || !isSearched(target, entry.isDirectory(), own)) continue;
      if (entry.isDirectory()) waiting.push({ folder: target, layers: own });
      else if (isSecretPath(path.relative(root, target).split(path.sep).join('/'))) return target;
    }
  }
  return undefined;
}

function isSearched(target: string, isFolder: boolean, layers: readonly Layer[]): boolean {
  for (const kind of ignoreNames.keys())
    for (const { folder, rules } of layers.toReversed()) {
      const relative = path.relative(folder, target).split(path.sep).join('/');
      const result = rules[kind]?.test(isFolder ? `${relative}/` : relative);
      if (result?.ignored === true) return false;
      if (result?.unignored === true) return true;
    }
  return !path.basename(target).startsWith('.');
}

async function layerOf(folder: string, inRepository: boolean): Promise<Layer> {
  const names = inRepository ? ignoreNames : ignoreNames.slice(0, 2);
  return { folder, rules: await Promise.all(names.map((name) => rulesOf(path.join(folder, name)))) };
}

async function rulesOf(file: string): Promise<Ignore | undefined> {
  try {
    return ignore({ allowRelativePaths: false }).add(await readFile(file, 'utf8'));
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return undefined;
  }
}

async function entriesOf(folder: string): Promise<readonly { name: string; isDirectory(): boolean }[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    // What cannot be opened by us is not read by a command of ours either.
    if (systemCodeOf(error) === undefined) throw error;
    return [];
  }
}

async function isInRepository(root: string): Promise<boolean> {
  const names = await entriesOf(root);
  return names.some(({ name }) => name === '.git');
}
