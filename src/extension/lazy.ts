/** Something that is made when it is first needed, once. */
export interface Lazy<T> {
  get(): Promise<T>;
  /** What `get` gave; undefined while nothing was asked for or the making has failed. */
  readonly made: Promise<T> | undefined;
}

/** A making that fails is not kept: the next use tries again. */
export function lazy<T>(make: () => Promise<T>): Lazy<T> {
  let made: Promise<T> | undefined;
  return {
    get: () => {
      made ??= make().catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      return made;
    },
    get made() {
      return made;
    },
  };
}
