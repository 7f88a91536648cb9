import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { build } from 'esbuild';
import type { ExtendedStore } from '../../src/core/store/documentedStore';
import { exportSession } from '../../src/core/store/exportSession';
import { importSession } from '../../src/core/store/importSession';
import { NamedStore } from '../../src/core/store/namedStore';
import type { SessionStore } from '../../src/core/store/store';
import { createStore } from '../../src/node/store/createStore';
import { FileSessionStore } from '../../src/node/store/fileSessionStore';
import { jsonFormat } from '../../src/node/store/jsonLog';
import { countedSessions } from '../support/countedSessions';
import { documentedStores } from '../support/documentedStores';
import { agentIdOf, callMessage, conversation, envelopeOf } from '../support/histories';
import { refusalOf } from '../support/refusal';
import { useTempFolder } from '../support/tempFolder';

const one = agentIdOf('one');

for (const { name, make } of documentedStores.filter(({ hasFiles }) => hasFiles))
  describe(`the files of ${name}`, () => {
    const folder = useTempFolder();
    const opened: ExtendedStore[] = [];
    const storeOf = (): ExtendedStore & SessionStore => {
      const store = make(folder.path);
      opened.push(store);
      return store;
    };
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });

    it('are not touched before the store is used, nor by looking for an agent', async () => {
      const store = storeOf();
      assert.deepEqual(readdirSync(folder.path), []);
      assert.equal(await store.exists('one'), false);
      assert.deepEqual(await store.loadMessages('one'), []);
      assert.deepEqual(await store.querySessions(), []);
      assert.equal((await store.getMetrics()).storage.dbSizeBytes, 0);
      assert.deepEqual(readdirSync(folder.path), []);
    });

    it('are seen by another store object at once, while the first has them open', async () => {
      const store = storeOf();
      await store.saveMessages('one', conversation(3));
      await store.appendEvent('one', envelopeOf(1));
      const other = storeOf();
      assert.deepEqual(await other.loadMessages('one'), conversation(3));
      assert.deepEqual(await other.list(), ['one']);
      assert.deepEqual((await other.checkConsistency('one')).issues, []);
    });

    it('may be written by several store objects in turn, without a word lost', async () => {
      const [left, right] = [storeOf(), storeOf()];
      for (let count = 1; count <= 4; count++) {
        const store = count % 2 === 0 ? left : right;
        assert.deepEqual(await store.loadMessages('one'), conversation(count - 1));
        await store.saveMessages('one', conversation(count));
      }
    }).timeout(20_000);

    it('are refused to another store object while an agent has them, with who it is', async () => {
      const log = await storeOf().open(one, 'create');
      const refused = await refusalOf('held', storeOf().saveMessages('one', conversation(1)));
      assert.match(refused.message, new RegExp(`process ${process.pid}`));
      await log.close();
    });

    it('are handed over at once to another window that asks, unless they are locked', async () => {
      const [left, right] = [storeOf(), storeOf()];
      await left.saveMessages('one', conversation(1));
      const log = await right.open(one, 'existing', { takeOver: 'ask' });
      await log.commit({ envelopes: [], messages: [conversation(2)[1]!] });
      await log.close();
      await left.saveMessages('one', conversation(3));
      assert.deepEqual(await left.loadMessages('one'), conversation(3));
      const release = await left.acquireAgentLock('one');
      await refusalOf('held', right.open(one, 'existing', { takeOver: 'ask' }));
      await release();
    });

    it('can be locked for a while against other processes', async () => {
      const [left, right] = [storeOf(), storeOf()];
      await left.saveMessages('one', conversation(1));
      const release = await left.acquireAgentLock('one');
      await left.saveMessages('one', conversation(2));
      await refusalOf('held', right.acquireAgentLock('one', 100));
      const waiting = right.acquireAgentLock('one', 10_000);
      await left.close();
      await release();
      const releaseRight = await waiting;
      await release();
      await refusalOf('held', left.acquireAgentLock('one', 0));
      await releaseRight();
    });

    it('are counted in bytes, and gone when the agent was deleted', async () => {
      const store = storeOf();
      await store.saveMessages('one', conversation(50));
      const before = (await store.getMetrics()).storage.dbSizeBytes;
      assert.ok(before > 5_000, `${before} bytes`);
      await store.delete('one');
      const names = await readdir(folder.path, { recursive: true });
      assert.deepEqual(
        names.filter((file) => /history|session\.db|text\.jsonl|meta\.json/.test(file)),
        [],
      );
    });

    it('are known not to have changed, so that saving after a pause costs what is new', async () => {
      const { sessions, reached } = countedSessions(make(folder.path));
      const store = new NamedStore(sessions);
      opened.push(store);
      await store.saveMessages('one', conversation(100));
      await store.close();
      await store.saveMessages('one', conversation(101));
      await store.close();
      assert.equal(reached.messagesWritten, 101);
      assert.equal(reached.messagesRead, 0);
      await storeOf().saveMessages('one', conversation(90));
      await opened.at(-1)?.close();
      await store.saveMessages('one', conversation(102));
      assert.equal(reached.messagesRead, 90);
      assert.deepEqual(await store.loadMessages('one'), conversation(102));
    });

    it('when damaged, are said to be so, and where', async () => {
      const store = storeOf();
      for (let count = 1; count < 40; count++) await store.saveMessages('one', conversation(count));
      await store.saveMessages('one', [...conversation(40), callMessage(40, 'a')]);
      await store.close();
      assert.match((await store.checkConsistency('one')).issues.join(), /call a in message 40.* no result/);
      const files = await readdir(folder.path, { recursive: true });
      for (const file of files.filter((one) => /history\.jsonl$|session\.db/.test(one) && !one.includes('lock'))) {
        const text = await readFile(path.join(folder.path, file), 'latin1');
        await writeFile(path.join(folder.path, file), text.replaceAll('Question 20', 'Quastion 20'), 'latin1');
      }
      const { consistent, issues } = await storeOf().checkConsistency('one');
      assert.equal(consistent, false);
      assert.match(issues.join('\n'), /is not what was written/);
    });

    it('go over to any other store as one file', async () => {
      const store = storeOf();
      await store.saveMessages('one', conversation(30));
      await store.appendEvent('one', envelopeOf(1));
      for (const target of [
        createStore({ type: 'memory' }),
        new FileSessionStore({ dir: path.join(folder.path, 'x'), format: jsonFormat() }),
      ]) {
        const other = new NamedStore(target);
        await importSession(other, exportSession(store, one));
        assert.deepEqual(await other.loadMessages('one'), conversation(30));
        assert.deepEqual((await other.checkConsistency('one')).issues, []);
        await other.close();
      }
    });

    it('do not keep a process alive that never closed the store', async () => {
      const script = path.join(folder.path, 'save.cjs');
      await build({
        stdin: {
          contents: `import { JSONStore } from './src/node/store/jsonStore';
            import { SqliteStore } from './src/node/store/sqliteStore';
            const store = ${name === 'JSONStore' ? 'new JSONStore(process.argv[2])' : "new SqliteStore(process.argv[2] + '/agents.db')"};
            store.saveMessages('one', ${JSON.stringify(conversation(2))}).then(() => console.log('saved ' + performance.now()));`,
          resolveDir: process.cwd(),
        },
        ...{ outfile: script, bundle: true, platform: 'node', format: 'cjs', packages: 'external', logLevel: 'error' },
        banner: { js: `module.paths.push(${JSON.stringify(path.join(process.cwd(), 'node_modules'))});` },
        define: { __dirname: JSON.stringify(process.cwd()) },
      });
      const store = path.join(folder.path, 'store');
      const said = execFileSync(process.execPath, [script, store], { encoding: 'utf8', timeout: 20_000 });
      assert.match(said, /^saved/);
      assert.deepEqual(await make(store).loadMessages('one'), conversation(2));
      await make(store).saveMessages('one', conversation(3));
    }).timeout(30_000);
  });

describe('createStore', () => {
  it('refuses a type that it does not know, by name', () => {
    const config = { type: 'postgres' } as unknown as Parameters<typeof createStore>[0];
    assert.throws(() => createStore(config), /no store of the type "postgres"/);
  });
});
