import { listModels, type ListSource } from '../../src/node/models/modelLists';
import type { ModelRow } from '../../src/core/protocol/models';
import { startJsonServer, type JsonServer } from './jsonServer';
import { neverAborted } from './refusal';

export const listKey = 'sk-secret-1234567890';
export const freePrice = { input: 0, output: 0 };
export const namesOf = (rows: readonly ModelRow[]): readonly string[] => rows.map(({ model }) => model);

/** A server for each test and the list that it gives. Call inside of `describe`. */
export function useListServer(): {
  readonly server: JsonServer;
  readonly serve: (answers: Parameters<typeof startJsonServer>[0]) => Promise<void>;
  readonly list: (vendor: string, more?: Partial<ListSource>) => Promise<readonly ModelRow[]>;
} {
  let current: JsonServer | undefined;
  const server = (): JsonServer => {
    if (!current) throw new Error('The test has not served anything yet.');
    return current;
  };
  afterEach(() => server().stop());
  return {
    get server() {
      return server();
    },
    serve: async (answers) => {
      current = await startJsonServer(answers);
    },
    list: (vendor, more = {}) =>
      listModels({ vendor, baseUrl: `${server().url}/v1`, apiKey: listKey, ...more }, neverAborted),
  };
}
