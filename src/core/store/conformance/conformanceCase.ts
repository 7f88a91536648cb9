import type { ExtendedStore } from '../documentedStore';

/** One thing that a store must do. */
export interface ConformanceCase {
  readonly name: string;
  /** The methods that it is about, where a store may be without them: then there is nothing to run. */
  readonly needs?: readonly (keyof ExtendedStore)[];
  /** `ids`: of agents that nobody else has; what is stored of them is taken away afterwards. */
  readonly run: (store: ExtendedStore, ids: { readonly one: string; readonly two: string }) => Promise<void>;
}
