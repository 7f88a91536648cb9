/**
 * The paths in the order of a walk: folder by folder, names by code unit. Sorts only as far as it is read, which for the
 * first few of many is much less than all. Takes the array for its own.
 */
export function* inOrder(paths: string[]): Generator<string, void, undefined> {
  for (let index = (paths.length >> 1) - 1; index >= 0; index--) sink(paths, index);
  for (let first = paths[0]; first !== undefined; first = paths[0]) {
    yield first;
    const last = paths.pop();
    if (last === undefined || paths.length === 0) return;
    paths[0] = last;
    sink(paths, 0);
  }
}

/** The heap's rule: no path comes after those two below it. */
function sink(heap: string[], start: number): void {
  const sinking = heap[start] ?? '';
  let index = start;
  for (;;) {
    const left = 2 * index + 1;
    const [one, other] = [heap[left], heap[left + 1]];
    if (one === undefined) break;
    const isLeft = other === undefined || comparePaths(one, other) <= 0;
    const smaller = isLeft ? one : other;
    if (comparePaths(sinking, smaller) <= 0) break;
    heap[index] = smaller;
    index = isLeft ? left : left + 1;
  }
  heap[index] = sinking;
}

const slash = 0x2f;

/** As if `/` came before all other characters: what is in a folder stands where the folder stands. */
export function comparePaths(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [one.charCodeAt(index), other.charCodeAt(index)];
    if (left !== right) return left === slash ? -1 : right === slash ? 1 : left - right;
  }
  return one.length - other.length;
}
