/** One thing that a store must do. */
export interface ConformanceCase<Tier> {
  readonly name: string;
  /** The methods that it is about, where a store may be without them: then there is nothing to run. */
  readonly needs?: readonly (keyof Tier & string)[];
  /** `ids`: of agents that nobody else has; what is stored of them is taken away afterwards. */
  readonly run: (store: Tier, ids: { readonly one: string; readonly two: string }) => Promise<void>;
}
