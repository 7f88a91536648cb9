/** Freezes a JSON value and all in it, in place. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) deepFreeze<unknown>(part);
  return Object.freeze(value);
}
