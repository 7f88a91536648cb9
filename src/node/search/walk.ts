import * as path from 'node:path';
import { SandboxError, ToolError } from '../../core/errors';
import { readFileInside } from '../localFiles';
import { listInside, type FolderEntry } from '../openInside';
import type { PathBox } from '../pathBox';
import { realPathOf } from '../realPath';
import { ignoreFiles, IgnoreRules, type IgnoreKind } from './ignoreRules';

export interface WalkedFile {
  /** Absolute. */
  readonly path: string;
  /** A symbolic link to a file inside the box: listed, but searched only where it really is. */
  readonly isLink: boolean;
}

/**
 * The files below a folder, in order of their names, without what the ignore files from `root` down hide. Never leaves the
 * box: symbolic links to folders are not followed. Folders that cannot be opened are left out.
 */
export async function* walk(
  box: PathBox,
  root: string,
  start: string,
  signal: AbortSignal,
): AsyncGenerator<WalkedFile, void, undefined> {
  let rules = new IgnoreRules();
  let folder = root;
  for (const name of path.relative(root, start).split(path.sep)) {
    if (name === '') break;
    rules = await withRulesOf(box, folder, rules, signal);
    folder = path.join(folder, name);
    if (rules.hidesBy('own', folder, true)) return;
    if (rules.hidesBy('git', folder, true)) rules = rules.withoutGit();
  }
  yield* walkFolder(box, start, rules, signal);
}

async function* walkFolder(
  box: PathBox,
  folder: string,
  inherited: IgnoreRules,
  signal: AbortSignal,
): AsyncGenerator<WalkedFile, void, undefined> {
  signal.throwIfAborted();
  const entries = await entriesOf(box, folder);
  const rules = await withRulesOf(box, folder, inherited, signal, entries);
  for (const { name, kind } of entries) {
    const target = path.join(folder, name);
    if (kind === 'other' || rules.hides(target, kind === 'directory')) continue;
    if (kind === 'directory') yield* walkFolder(box, target, rules, signal);
    else if (kind === 'file' || (await leadsToFile(box, target))) yield { path: target, isLink: kind === 'link' };
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

async function withRulesOf(
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

async function leadsToFile(box: PathBox, link: string): Promise<boolean> {
  try {
    const { path: real } = await realPathOf(link);
    if (!(await box.contains(real))) return false;
    const entries = await listInside(box, path.dirname(real));
    return entries.some((entry) => entry.name === path.basename(real) && entry.kind === 'file');
  } catch (error) {
    if (error instanceof ToolError || error instanceof SandboxError) return false;
    throw error;
  }
}
