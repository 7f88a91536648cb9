import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { hostPathRules, isInside } from '../lexicalPath';
import { ignoresCase } from '../realPath';

/** Where a ripgrep is looked for. */
export interface RipgrepPlaces {
  /** Where VS Code is installed: it brings a ripgrep along. */
  readonly appRoot?: string | undefined;
  /** Folders to look in after that. Default: those of PATH. */
  readonly searchPath?: string | undefined;
  /** A program in there is never run: the workspace brought it. Absolute. */
  readonly never: readonly string[];
}

/** A ripgrep that runs, VS Code's own first; undefined where there is none. */
export async function findRipgrep({ appRoot, searchPath, never }: RipgrepPlaces): Promise<string | undefined> {
  const name = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const folders = (searchPath ?? pathOf(process.env)).split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const places = [...(appRoot === undefined ? [] : placesIn(appRoot)), ...folders];
  for (const place of places) {
    const file = path.join(place, name);
    if ((await isAllowed(file, never)) && (await runs(file))) return file;
  }
  return undefined;
}

function placesIn(appRoot: string): readonly string[] {
  const platform = `${process.platform}-${process.arch}`;
  return ['node_modules', 'node_modules.asar.unpacked'].flatMap((modules) => [
    path.join(appRoot, modules, '@vscode', 'ripgrep-universal', 'bin', platform),
    path.join(appRoot, modules, '@vscode', 'ripgrep', 'bin'),
  ]);
}

function pathOf(env: NodeJS.ProcessEnv): string {
  return Object.entries(env).find(([name]) => name.toLowerCase() === 'path')?.[1] ?? '';
}

/** Neither the name nor what it leads to lies in the workspace. */
async function isAllowed(file: string, never: readonly string[]): Promise<boolean> {
  try {
    const real = await realpath(file);
    if (!(await stat(real)).isFile()) return false;
    await access(real, constants.X_OK);
    for (const folder of never) {
      const ignoreCase = await ignoresCase(folder);
      if ([file, real].some((target) => isInside(folder, target, hostPathRules, ignoreCase))) return false;
    }
    return true;
  } catch {
    return false; // Not there, or not for us: so it is none.
  }
}

/** Older ones obey .rgignore files even when they are told not to, and end lines in other places. */
const oldestVersion = 14;

async function runs(file: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(file, ['--no-config', '--version'], {
      env: ripgrepEnvironment(),
      timeout: 5_000,
      windowsHide: true,
    });
    return Number(/^ripgrep (\d+)\./.exec(stdout)?.[1]) >= oldestVersion;
  } catch {
    return false; // Built for another machine, for example.
  }
}

/** Nothing that could tell it to run or read something else. */
export function ripgrepEnvironment(): NodeJS.ProcessEnv {
  const systemRoot = process.env['SystemRoot'];
  return systemRoot === undefined ? {} : { SystemRoot: systemRoot };
}
