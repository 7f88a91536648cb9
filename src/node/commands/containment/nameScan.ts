import { lstatSync, readdirSync, type Dirent } from 'node:fs';
import * as path from 'node:path';
import { kindOfName } from './heldNames';

/** What lies below a folder that matters to the sandbox, as absolute paths. */
export interface FoundNames {
  readonly protect: readonly string[];
  readonly hide: readonly string[];
  /** Folders with a `.git`, whatever that is. */
  readonly working: readonly string[];
  /** Folders with a file `HEAD`: git may take them for repositories. */
  readonly withHead: readonly string[];
  /** Undefined: all was looked at. Else what was not, as the rest of a sentence. */
  readonly gap: string | undefined;
}

interface Folder {
  readonly file: string;
  /** Only its own names are looked at. */
  readonly shallow: boolean;
}

interface Seen {
  readonly ino: number;
  readonly ctimeMs: number;
  readonly names: number;
  readonly protect: readonly string[];
  readonly hide: readonly string[];
  readonly hasGit: boolean;
  readonly hasHead: boolean;
  readonly next: readonly Folder[];
}

/** `ms`: what is not reached is looked at next time, when all that was read already takes no time. */
const defaultLimits = { folders: 20_000, names: 200_000, ms: 4_000 };
/** Below this a folder may have changed after it was read without another time to show for it. */
const settledMs = 2_000;
/** Of these only the topmost names are looked at: what lies deeper is installed or built. */
const notEntered: ReadonlySet<string> = new Set(['node_modules', '.venv', 'target', '__pycache__']);

/**
 * Looks through folders by name, the upper ones first: 20,000 folders, 200,000 names and 4 s at most. A folder is read again only
 * when its change time is another one, which no command can set back: the first look is slow, those after it are fast.
 */
export class NameScan {
  readonly #seen = new Map<string, ReadonlyMap<string, Seen>>();
  readonly #limits: typeof defaultLimits;

  constructor(limits = defaultLimits) {
    this.#limits = limits;
  }

  look(root: string): FoundNames {
    const limits = this.#limits;
    const last = this.#seen.get(root);
    const seen = new Map<string, Seen>();
    const start = performance.now();
    let names = 0;
    let gap: string | undefined;
    const queue: Folder[] = [{ file: root, shallow: false }];
    for (const folder of queue) {
      if (seen.size >= limits.folders || names >= limits.names || performance.now() - start > limits.ms) {
        gap = `beyond the first ${shownCount(seen.size)} folders (${shownCount(names)} names) of ${root}`;
        break;
      }
      const found = lookAt(root, folder, last?.get(folder.file));
      if (found === undefined) continue;
      seen.set(folder.file, found);
      names += found.names;
      for (const each of found.next) queue.push(each);
    }
    this.#seen.set(root, seen);
    const all = [...seen];
    return {
      protect: all.flatMap(([, { protect }]) => protect),
      hide: all.flatMap(([, { hide }]) => hide),
      working: all.flatMap(([file, { hasGit }]) => (hasGit ? [file] : [])),
      withHead: all.flatMap(([file, { hasHead }]) => (hasHead ? [file] : [])),
      gap,
    };
  }
}

function shownCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** Undefined: gone, or no folder. */
function lookAt(root: string, { file: folder, shallow }: Folder, last: Seen | undefined): Seen | undefined {
  const nowMs = Date.now();
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) return undefined;
  if (last?.ino === stat.ino && last.ctimeMs === stat.ctimeMs) return last;
  const above = path.relative(root, folder).split(path.sep).slice(-2);
  const protect: string[] = [];
  const hide: string[] = [];
  const next: Folder[] = [];
  let hasGit = false;
  let hasHead = false;
  const entries = entriesOf(folder);
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    const lower = entry.name.toLowerCase();
    if (lower === '.git') hasGit = true;
    else if (lower === 'head') hasHead = true;
    const kind = kindOfName(entry.name, above);
    if (kind === 'secret') hide.push(file);
    else if (kind === 'protected') protect.push(file);
    else if (lower !== '.git' && entry.isDirectory() && !shallow)
      next.push({ file, shallow: notEntered.has(entry.name) });
  }
  // Too new to be told from a change that follows at once: looked at again.
  const ctimeMs = Math.abs(nowMs - stat.ctimeMs) < settledMs ? NaN : stat.ctimeMs;
  return { ino: stat.ino, ctimeMs, names: entries.length, protect, hide, hasGit, hasHead, next };
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone, or not ours to read: then it is not the command's either.
    return [];
  }
}
