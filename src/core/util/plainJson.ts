import type { JsonValue } from './json';

/** What would be stored of a value: its JSON, read again; null for what has none. @throws TypeError for cycles and bigints. */
export function plainJson(value: unknown): JsonValue {
  // Undefined for functions and undefined itself, which the types do not say.
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? null : (JSON.parse(text) as JsonValue);
}
