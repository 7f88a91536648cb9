/**
 * Takes paths as they come and gives them in the order of a walk: folder by folder, names by code unit, each once. Sorts only
 * as far as it is read, which for the first few of many is much less than all.
 */
export class WalkOrder {
  readonly #folders = new Map<string, Folder>();
  /** Neighbours mostly lie in one folder. */
  #last: Folder | undefined;

  /** @param path with `/` */
  add(path: string): void {
    const end = path.lastIndexOf('/') + 1;
    const last = this.#last;
    if (last?.prefix.length === end && path.startsWith(last.prefix)) last.names.push(path.slice(end));
    else this.#folderOf(path.slice(0, end)).names.push(path.slice(end));
  }

  /** All that was added; nothing may be added from then on. */
  *paths(): Generator<string, void, undefined> {
    const heads = [...this.#folders.values()].map((folder) => new Head(folder));
    for (let index = (heads.length >> 1) - 1; index >= 0; index--) sink(heads, index);
    let before: string | undefined;
    for (let head = heads[0]; head; head = heads[0]) {
      if (head.path !== before) yield head.path;
      before = head.path;
      if (!head.next()) {
        const end = heads.pop();
        if (!end || heads.length === 0) return;
        heads[0] = end;
      }
      sink(heads, 0);
    }
  }

  #folderOf(prefix: string): Folder {
    const known = this.#folders.get(prefix);
    const folder = known ?? { prefix, names: [] };
    if (!known) this.#folders.set(prefix, folder);
    this.#last = folder;
    return folder;
  }
}

interface Folder {
  /** Ends with `/`; empty for the uppermost. */
  readonly prefix: string;
  readonly names: string[];
}

/** The next file of one folder. Its names are sorted once the first of them was read. */
class Head {
  readonly #folder: Folder;
  #index = -1;
  path: string;

  constructor(folder: Folder) {
    this.#folder = folder;
    const { prefix, names } = folder;
    this.path = prefix + names.reduce((least, name) => (name < least ? name : least));
  }

  /** False: that was the last one. */
  next(): boolean {
    const { prefix, names } = this.#folder;
    if (this.#index < 0) names.sort();
    this.#index = Math.max(1, this.#index + 1);
    const name = names[this.#index];
    if (name === undefined) return false;
    this.path = prefix + name;
    return true;
  }
}

/** The heap's rule: no path comes after those two below it. */
function sink(heap: Head[], start: number): void {
  const sinking = heap[start];
  if (!sinking) return;
  let index = start;
  for (;;) {
    const left = 2 * index + 1;
    const [one, other] = [heap[left], heap[left + 1]];
    if (!one) break;
    const isLeft = !other || comparePaths(one.path, other.path) <= 0;
    const smaller = isLeft ? one : other;
    if (comparePaths(sinking.path, smaller.path) <= 0) break;
    heap[index] = smaller;
    index = isLeft ? left : left + 1;
  }
  heap[index] = sinking;
}

const slash = 0x2f;

/** As if `/` came before all other characters: what is in a folder stands where the folder stands. */
function comparePaths(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [one.charCodeAt(index), other.charCodeAt(index)];
    if (left !== right) return left === slash ? -1 : right === slash ? 1 : left - right;
  }
  return one.length - other.length;
}
