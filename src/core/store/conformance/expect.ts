import { isJsonObject } from '../../util/json';

/** What a store did is not what it must do. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
}

/** @throws ConformanceError with the first place where they differ. What is `undefined` in an object counts as absent. */
export function expectSame(what: string, found: unknown, wanted: unknown): void {
  const difference = firstDifference(found, wanted, '');
  if (difference !== undefined) throw new ConformanceError(`${what}: ${difference}`);
}

/** @throws ConformanceError where it is not true. */
export function expectThat(what: string, isTrue: boolean): void {
  if (!isTrue) throw new ConformanceError(what);
}

function firstDifference(found: unknown, wanted: unknown, place: string): string | undefined {
  if (Array.isArray(found) && Array.isArray(wanted)) {
    if (found.length !== wanted.length)
      return `${place || 'the list'} has ${found.length} entries, not ${wanted.length}: ${quoted(found)}`;
    return wanted.reduce<string | undefined>(
      (difference, item, index) => difference ?? firstDifference(found[index], item, `${place}[${index}]`),
      undefined,
    );
  }
  if (isJsonObject(found) && isJsonObject(wanted)) {
    for (const name of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
      const difference = firstDifference(found[name], wanted[name], place === '' ? name : `${place}.${name}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (Object.is(found, wanted)) return undefined;
  return `${place || 'it'} is ${quoted(found)}, not ${quoted(wanted)}`;
}

function quoted(value: unknown): string {
  const json = value === undefined ? 'undefined' : JSON.stringify(value);
  return json.length > 200 ? `${json.slice(0, 200)}…` : json;
}
