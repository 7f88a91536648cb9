import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { ScriptCall } from '../../core/shell/packageScripts';
import type { PathBox } from '../pathBox';
import { systemCodeOf, unlessFailing } from '../systemError';

export interface BoundScript {
  /** SHA-256 of what decides what runs. */
  readonly bound: string;
  readonly boundTo: string;
  readonly text: string;
}

/** They choose the shell, the options of node, or the package manager itself. */
const settings: readonly string[] = [
  ...['.npmrc', '.yarnrc', '.yarnrc.yml', '.pnpmfile.cjs', 'pnpm-workspace.yaml', 'bunfig.toml', 'package.json'],
];

/** Of package.json: they decide neither what a script runs nor by which program. */
const telling: ReadonlySet<string> = new Set([
  ...[
    'name',
    'version',
    'description',
    'keywords',
    'author',
    'contributors',
    'license',
    'homepage',
    'bugs',
    'repository',
  ],
  ...['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies', 'peerDependenciesMeta', 'funding'],
  ...['files', 'private', 'sideEffects'],
]);

/**
 * What a package script runs now: all scripts of the nearest package.json, for a script calls others, what else of it decides,
 * like `packageManager`, and what stands beside it and above. Undefined where there is no such script. @param folder real and inside the box.
 */
export async function boundScript(
  { script }: ScriptCall,
  folder: string,
  box: PathBox,
): Promise<BoundScript | undefined> {
  const at = await packageFolderOf(folder, box);
  if (at === undefined) return undefined;
  const manifest = objectOf(await readFile(path.join(at, 'package.json'), 'utf8'));
  const scripts = manifest?.['scripts'];
  if (!manifest || typeof scripts !== 'object' || scripts === null) return undefined;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(scripts);
  const text = entries.find(([key]) => key === script)?.[1];
  if (typeof text !== 'string') return undefined;
  const deciding = Object.entries(manifest).filter(([key]) => !telling.has(key));
  const name = await box.displayOf(path.join(at, 'package.json'));
  const others: string[] = [];
  for (let above = at; await box.contains(above); above = path.dirname(above)) {
    for (const file of settings)
      if (above !== at || file !== 'package.json') others.push(file, (await textOf(path.join(above, file))) ?? '');
    if (path.dirname(above) === above) break;
  }
  const bound = createHash('sha256')
    .update(JSON.stringify([name, deciding, others]))
    .digest('hex');
  return { bound, boundTo: `the scripts of ${name}`, text };
}

async function packageFolderOf(folder: string, box: PathBox): Promise<string | undefined> {
  for (let current = folder; await box.contains(current); current = path.dirname(current)) {
    if (await unlessFailing(['ENOENT'], lstat(path.join(current, 'package.json')))) return current;
    // npm takes this for the root of a package, too.
    if (await unlessFailing(['ENOENT'], lstat(path.join(current, 'node_modules')))) return undefined;
    if (path.dirname(current) === current) return undefined;
  }
  return undefined;
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return undefined;
  }
}
