import * as path from 'node:path';
import { SandboxError, ToolError } from '../../core/errors';
import { readFileInside } from '../localFiles';
import { listInside, type FolderEntry } from '../openInside';
import type { PathBox } from '../pathBox';
import { ignoreFiles, IgnoreRules, type IgnoreKind } from './ignoreRules';

/** A folder to look in, and what the ignore files from its root down to it say, its own not included. */
export interface SearchStart {
  readonly folder: string;
  readonly rules: IgnoreRules;
}

/** What a walk leaves out by its rules. */
export type OnIgnored = (name: string) => void;

/** Where a search of `folder` begins; undefined where our own ignore file hides it. */
export async function searchStart(
  box: PathBox,
  root: string,
  folder: string,
  signal: AbortSignal,
): Promise<SearchStart | undefined> {
  let rules = new IgnoreRules();
  let above = root;
  for (const name of path.relative(root, folder).split(path.sep)) {
    if (name === '') break;
    rules = await withRulesOf(box, above, rules, signal);
    above = path.join(above, name);
    if (rules.hidesBy('own', above, true)) return undefined;
    if (rules.hidesBy('git', above, true)) rules = rules.withoutGit();
  }
  return { folder, rules };
}

/**
 * The absolute paths of the regular files below a folder, in order of their names, without what the ignore files hide.
 * Symbolic links are not followed and not listed. Folders that cannot be opened are left out.
 */
export async function* walk(
  box: PathBox,
  { folder, rules: inherited }: SearchStart,
  signal: AbortSignal,
  onIgnored?: OnIgnored,
): AsyncGenerator<string, void, undefined> {
  signal.throwIfAborted();
  const entries = await entriesOf(box, folder);
  const rules = await withRulesOf(box, folder, inherited, signal, entries);
  for (const { name, kind } of entries) {
    const target = path.join(folder, name);
    if (kind !== 'file' && kind !== 'directory') continue;
    if (rules.hides(target, kind === 'directory')) onIgnored?.(target);
    else if (kind === 'directory') yield* walk(box, { folder: target, rules }, signal, onIgnored);
    else yield target;
  }
}

async function entriesOf(box: PathBox, folder: string): Promise<readonly FolderEntry[]> {
  try {
    return await listInside(box, folder);
  } catch (error) {
    // Gone, forbidden or replaced while we walk: there is nothing of it to see.
    if (error instanceof ToolError || error instanceof SandboxError) return [];
    throw error;
  }
}

/** The rules with those of a folder's own ignore files. `known`: its entries, as far as they can be ignore files. */
export async function withRulesOf(
  box: PathBox,
  folder: string,
  rules: IgnoreRules,
  signal: AbortSignal,
  known?: readonly FolderEntry[],
): Promise<IgnoreRules> {
  const entries = known ?? (await entriesOf(box, folder));
  let result = rules;
  for (const kind of ['git', 'own'] satisfies readonly IgnoreKind[]) {
    if (!entries.some((entry) => entry.name === ignoreFiles[kind] && entry.kind === 'file')) continue;
    const bytes = await readFileInside(box, path.join(folder, ignoreFiles[kind]), signal).catch(() => undefined);
    if (bytes) result = result.with(kind, folder, bytes.toString('utf8'));
  }
  return result;
}
