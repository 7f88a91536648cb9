/** Marks the branch of an exhaustive switch that cannot be reached: a new case is a compile error here. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}. A case for it is missing here.`);
}
