import { strict as assert } from 'node:assert';
import type { Store } from '../../src/core/store/documentedStore';
import { ConformanceError, storeConformance } from '../../src/testing';
import { documentedStores } from '../support/documentedStores';
import { OwnStore, WholeOwnStore } from '../support/ownStore';
import { useTempFolder } from '../support/tempFolder';

describe('the conformance suite for stores', () => {
  const folder = useTempFolder();
  const stores: readonly { readonly name: string; readonly make: (folder: string) => Store }[] = [
    ...documentedStores,
    { name: "a user's own store", make: () => new WholeOwnStore() },
  ];
  for (const { name, make } of stores)
    describe(`run over ${name}`, () => {
      for (const test of storeConformance(() => make(folder.path))) it(test.name, test.run);
    });

  it("finds both faults of the first seed's sample, and says what is wrong", async () => {
    const failed: string[] = [];
    for (const { name, run } of storeConformance(() => new OwnStore()))
      await run().catch((error: unknown) => {
        assert.ok(error instanceof ConformanceError, String(error));
        failed.push(`${name}: ${error.message}`);
      });
    assert.equal(failed.length, 2, failed.join('\n'));
    assert.match(failed.join('\n'), /strictly after since.seq.*: readEvents since 3: the list has 3 entries, not 2: /);
    assert.match(failed.join('\n'), /_ and % as they stand: list\(.*the list has 3 entries, not 1/);
  });

  it('leaves nothing of its agents in the store', async () => {
    const store = new WholeOwnStore();
    for (const { run } of storeConformance(() => store)) await run();
    assert.deepEqual(await store.list(), []);
  });

  it('notices a store that forgets to delete events, drops fields or mixes agents up', async () => {
    class Forgetful extends WholeOwnStore {
      override async delete(agentId: string): Promise<void> {
        this.tables.agents.delete(agentId);
      }
    }
    class Narrow extends WholeOwnStore {
      override async saveInfo(agentId: string, info: Parameters<Store['saveInfo']>[1]): Promise<void> {
        await super.saveInfo(agentId, {
          agentId: info.agentId,
          templateId: info.templateId,
          createdAt: info.createdAt,
        });
      }
    }
    class Mixed extends WholeOwnStore {
      override loadMessages(): ReturnType<WholeOwnStore['loadMessages']> {
        return super.loadMessages([...this.tables.messages.keys()][0] ?? '');
      }
    }
    for (const make of [() => new Forgetful(), () => new Narrow(), () => new Mixed()]) {
      const results = await Promise.allSettled(storeConformance(make).map(({ run }) => run()));
      assert.ok(
        results.some(({ status }) => status === 'rejected'),
        make.toString(),
      );
    }
  });
});
