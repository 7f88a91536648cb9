import type { ExtendedStore, Store } from '../documentedStore';
import { basicCases } from './basicCases';
import type { ConformanceCase } from './conformanceCase';
import { besideCases, tierCases } from './fullCases';

/** A test without a test runner: `run` rejects with a sentence that says what is wrong. */
export interface ConformanceTest {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/**
 * What a store must do that is given to agents, as tests for any runner. They use agents with ids of their own and delete them
 * afterwards, so the store may hold others. What is about methods that the store does not have passes without doing anything.
 *
 * @example for (const { name, run } of storeConformance(() => new MyStore(pool))) it(name, run);
 * @param makeStore is called for each test; whatever it opens is the caller's to close.
 */
export function storeConformance(makeStore: () => Store | Promise<Store>): readonly ConformanceTest[] {
  return [...basicCases, ...besideCases, ...tierCases].map((one) => testOf(one, makeStore));
}

function testOf({ name, needs = [], run }: ConformanceCase, makeStore: () => Store | Promise<Store>): ConformanceTest {
  return {
    name,
    run: async () => {
      const store = await makeStore();
      if (!hasAll(store, needs)) return;
      const stem = `conformance-${crypto.randomUUID()}`;
      const ids = { one: `${stem}-one`, two: `${stem}-two` };
      try {
        await run(store, ids);
      } finally {
        for (const id of Object.values(ids)) await store.delete(id);
      }
    },
  };
}

/** A test uses no other methods than every store has and those that it names. */
function hasAll(store: Store, names: readonly string[]): store is ExtendedStore {
  return names.every((name) => typeof Reflect.get(store, name) === 'function');
}
