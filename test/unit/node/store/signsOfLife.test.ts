import { strict as assert } from 'node:assert';
import { readdir } from 'node:fs/promises';
import { newAgentId } from '../../../../src/core/protocol/ids';
import { FileSessionStore } from '../../../../src/node/store/fileSessionStore';
import { jsonFormat } from '../../../../src/node/store/jsonLog';
import { useTempFolder } from '../../../support/tempFolder';

describe('a window that holds sessions', () => {
  const temp = useTempFolder();

  it('shows that it lives while it takes a session in the moment in which it lets the last one go', async () => {
    const store = new FileSessionStore({ dir: temp.path, format: jsonFormat() });
    let log = await store.open(newAgentId(), 'create');
    for (let round = 0; round < 20; round++) {
      const [, next] = await Promise.all([log.close(), store.open(newAgentId(), 'create')]);
      assert.equal((await readdir(store.layout.holders)).length, 1, `in round ${round}`);
      log = next;
    }
    await log.close();
    assert.deepEqual(await readdir(store.layout.holders), []);
  });
});
