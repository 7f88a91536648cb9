import { strict as assert } from 'node:assert';
import type { ExtendedStore } from '../../src/core/store/documentedStore';
import type { SessionStore } from '../../src/core/store/store';
import { recordOf } from '../support/batches';
import { documentedStores } from '../support/documentedStores';
import { agentIdOf, conversation } from '../support/histories';
import { refusalOf } from '../support/refusal';
import { useTempFolder } from '../support/tempFolder';

for (const { name, hasFiles, make } of documentedStores)
  describe(`what is kept beside a conversation by ${name}`, () => {
    const folder = useTempFolder();
    let store: ExtendedStore & SessionStore;
    beforeEach(() => {
      store = make(folder.path);
    });
    afterEach(() => store.close());
    const window = { id: 'w-1', messages: [{ role: 'user', content: 'Hello' }], events: [], timestamp: 5 };
    const file = { path: 'src/a.ts', content: 'one\n', mtime: 1.5, timestamp: 7 };

    it('is given back as it was saved, and makes the agent', async () => {
      const compression = { id: 'c-1', windowId: 'w-1', summary: 'They said hello.', ratio: 0.25, timestamp: 6 };
      await store.saveHistoryWindow('one', window);
      await store.saveCompressionRecord('one', compression);
      await store.saveRecoveredFile('one', file);
      await store.saveMediaCache('one', [{ key: 'a', fileId: 'file-1' }]);
      const again = hasFiles ? make(folder.path) : store;
      await store.close();
      assert.deepEqual(await again.list(), ['one']);
      assert.deepEqual(await again.loadHistoryWindows('one'), [window]);
      assert.deepEqual(await again.loadCompressionRecords('one'), [compression]);
      assert.deepEqual(await again.loadRecoveredFiles('one'), [file]);
      assert.deepEqual(await again.loadMediaCache('one'), [{ key: 'a', fileId: 'file-1' }]);
      assert.deepEqual((await again.checkConsistency('one')).issues, []);
      await again.close();
    });

    it('takes the place of what has the same id, and is added without one', async () => {
      await store.saveHistoryWindow('one', { ...window, id: 'w-0' });
      await store.saveHistoryWindow('one', window);
      await store.saveHistoryWindow('one', { id: 'w-0', text: 'another' });
      assert.deepEqual(await store.loadHistoryWindows('one'), [{ id: 'w-0', text: 'another' }, window]);
      await store.saveRecoveredFile('one', file);
      await store.saveRecoveredFile('one', { ...file, content: 'two\n' });
      assert.deepEqual(
        (await store.loadRecoveredFiles('one')).map(({ content }) => content),
        ['one\n', 'two\n'],
      );
      await store.saveMediaCache('one', [{ key: 'a' }, { key: 'b' }]);
      await store.saveMediaCache('one', [{ key: 'c' }]);
      assert.deepEqual(await store.loadMediaCache('one'), [{ key: 'c' }]);
      await store.saveMediaCache('one', []);
      assert.deepEqual(await store.loadMediaCache('one'), []);
    });

    it('shows the compactions of an agent among those that were saved by name, the newest last', async () => {
      await store.saveMessages('one', conversation(2));
      await store.saveCompressionRecord('one', { summary: 'saved late', timestamp: 3_000_000 });
      await store.saveCompressionRecord('one', { summary: 'saved early', timestamp: 10 });
      const log = await store.open(agentIdOf('one'), 'existing');
      const body = { messageCount: 1, summary: 'its own' };
      await log.commit({ envelopes: [], records: [recordOf('own', 'compaction', body)] });
      const expected = [
        { summary: 'saved early', timestamp: 10 },
        { ...body, id: 'own', timestamp: 1_000_000 },
        { summary: 'saved late', timestamp: 3_000_000 },
      ];
      assert.deepEqual(await store.loadCompressionRecords('one'), expected, 'while the agent has it open');
      await refusalOf('conflict', store.saveCompressionRecord('one', {}));
      await log.close();
      assert.deepEqual(await store.loadCompressionRecords('one'), expected);
      const [fork = ''] = await store.batchFork('one', 1);
      assert.deepEqual(await store.loadCompressionRecords(fork), expected, 'a fork has them too');
    });

    it('is refused under an id that is none', async () => {
      await refusalOf('invalid_id', store.saveHistoryWindow('../one', window));
      await refusalOf('invalid_id', store.loadMediaCache(''));
      assert.deepEqual(await store.list(), []);
    });
  });
