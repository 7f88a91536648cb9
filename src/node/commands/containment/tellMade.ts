import * as path from 'node:path';
import { hostPathRules, isInside } from '../../lexicalPath';
import { isNew, knownRepositories, tameRepositories, type KnownRepositories } from './gitGuard';
import type { HeldPaths } from './heldPaths';

/** What there was before a command ran. */
export interface Before {
  readonly names: ReadonlySet<string>;
  readonly repositories: KnownRepositories;
}

const maxNamed = 5;

/**
 * What has appeared in the workspace while a command ran and is obeyed by other programs. Only what runs without a person's
 * doing, git's settings and hooks, is made harmless. The rest is told and left: instructions for agents, settings of an editor
 * in a nested folder, workflows and `.npmrc` files act only once somebody opens, runs or commits them, and programs that set
 * up projects make them for good reasons. At the top of the workspace, where they act at once, none can be made.
 * @param writable folders that the command could write to
 * @returns one sentence each
 */
export function tellMade(before: Before, now: HeldPaths, writable: readonly string[]): readonly string[] {
  const inReach = now.repositories.filter((file) =>
    writable.some((each) => isInside(each, file, hostPathRules, false)),
  );
  const made = now.named.filter(
    (file) =>
      !before.names.has(file) && !now.absent.includes(file) && !isHead(file) && isNew(file, before.repositories),
  );
  const shown = made.slice(0, maxNamed).map((file) => shortened(file, writable));
  const more = made.length > maxNamed ? ` and ${made.length - maxNamed} more` : '';
  return [
    ...tameRepositories(inReach, before.repositories),
    ...(made.length === 0
      ? []
      : [`It made ${shown.join(', ')}${more}, which other programs obey: look at ${made.length > 1 ? 'them' : 'it'}.`]),
  ];
}

/** @param absent what stands in for missing files while commands run */
export function lookBefore({ named, absent, repositories, gap }: HeldPaths): Before {
  return { names: new Set([...named, ...absent]), repositories: knownRepositories(repositories, gap === undefined) };
}

/** Every repository has one; what matters of it is looked at by itself. */
function isHead(file: string): boolean {
  return path.basename(file).toLowerCase() === 'head';
}

function shortened(file: string, roots: readonly string[]): string {
  const root = roots.find((each) => isInside(each, file, hostPathRules, false));
  return root === undefined ? file : path.relative(root, file);
}
