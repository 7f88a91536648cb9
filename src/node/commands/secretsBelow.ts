import { readdir } from 'node:fs/promises';
import * as path from 'node:path';
import type { Dirent } from 'node:fs';
import { isSecretPath } from '../../core/sandbox/protectedPaths';
import type { TreeCheck } from '../../core/shell/grammar';
import { holdsLogin } from '../logins';
import { maxDepth } from '../search/boundedPatterns';
import { systemCodeOf } from '../systemError';
import { RipgrepRules } from './ripgrepRules';

/** What the walks of one command line may cost together. It begins with the first of them. */
export class WalkBudget {
  #entries = 40_000;
  #endMs: number | undefined;

  /** Whether there is none left. */
  spend(entries: number): boolean {
    this.#endMs ??= performance.now() + 600;
    this.#entries -= entries;
    return this.#entries < 0 || performance.now() > this.#endMs;
  }
}

/**
 * A secret that a search through all files below a folder would read. 'many': too many files to be sure.
 * @param folder real. @param root the folder of the workspace that it lies in.
 */
export async function secretBelow(
  folder: string,
  root: string,
  how: Omit<TreeCheck, 'kind' | 'path'>,
  budget: WalkBudget,
  signal: AbortSignal,
): Promise<string | undefined> {
  const waiting = [{ folder, rules: how.all === true ? undefined : await RipgrepRules.above(folder) }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    signal.throwIfAborted();
    const entries = await entriesOf(next.folder);
    if (budget.spend(entries.length) || next.folder.split(path.sep).length > maxDepth) return 'many';
    const rules = await next.rules?.with(next.folder, new Set(entries.map(({ name }) => name)));
    for (const entry of entries) {
      if (budget.spend(0)) return 'many';
      const target = path.join(next.folder, entry.name);
      if (entry.isDirectory()) {
        if (isEntered(target, how, rules)) waiting.push({ folder: target, rules });
      } else if (entry.isFile() && isRead(target, how, rules) && (await isSecret(target, root))) return target;
    }
  }
  return undefined;
}

type How = Omit<TreeCheck, 'kind' | 'path'>;

function isEntered(target: string, how: How, rules: RipgrepRules | undefined): boolean {
  if (rules) return rules.searches(target, true) || (how.endings !== undefined && hasEnding(target, how));
  return how.except?.includes(path.basename(target)) !== true;
}

/** Files that ripgrep is told to look for are not left out by any ignore file, nor because they are hidden. */
function isRead(target: string, how: How, rules: RipgrepRules | undefined): boolean {
  return how.endings === undefined ? rules?.searches(target, false) !== false : hasEnding(target, how);
}

function hasEnding(target: string, { endings = [] }: How): boolean {
  const name = path.basename(target).toLowerCase();
  return endings.some((ending) => name.endsWith(ending.toLowerCase()));
}

async function isSecret(target: string, root: string): Promise<boolean> {
  return isSecretPath(path.relative(root, target).split(path.sep).join('/')) || holdsLogin(target);
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    // What cannot be opened by us is not read by a command of ours either.
    if (systemCodeOf(error) === undefined) throw error;
    return [];
  }
}
