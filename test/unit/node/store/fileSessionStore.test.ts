import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AgentId } from '../../../../src/core/protocol/ids';
import { SessionHeldError } from '../../../../src/core/store/sessionHeld';
import type { SessionFormat } from '../../../../src/node/sessionFormat';
import { FileSessionStore } from '../../../../src/node/store/fileSessionStore';
import { jsonFormat } from '../../../../src/node/store/jsonLog';
import { batchOf, collect, envelopeOf, everythingOf, textMessage } from '../../../support/batches';
import { refusalOf } from '../../../support/refusal';
import { sessionOf } from '../../../support/storeSessions';
import { useTempFolder } from '../../../support/tempFolder';

const id = (text: string): AgentId => text as AgentId;
const agt = id('agt-one');

describe('FileSessionStore', () => {
  const temp = useTempFolder();
  const storeOf = (format: SessionFormat = jsonFormat(), maxOpen?: number): FileSessionStore =>
    new FileSessionStore({ dir: temp.path, format, ...(maxOpen !== undefined && { maxOpen }) });
  const folderOf = (agentId: AgentId): string => storeOf().layout.sessionFolder(agentId);

  it('touches no disk before it is used', async () => {
    const store = storeOf();
    assert.deepEqual(await store.list(), []);
    assert.deepEqual(readdirSync(temp.path), []);
  });

  it('gives back in another store object what was committed', async () => {
    const log = await storeOf().open(agt, 'create');
    await log.commit(batchOf(1, { messages: [textMessage('one')] }));
    await log.commit(batchOf(2, { messages: [textMessage('two')], stepCount: 4 }));
    await log.barrier();
    const before = await everythingOf(log);
    await log.close();
    const again = await storeOf().open(agt, 'existing');
    const after = await everythingOf(again);
    assert.deepEqual({ ...after, state: { ...after.state, closedCleanly: false } }, before);
    await again.close();
  });

  it('refuses to create what exists and to open what does not', async () => {
    const store = storeOf();
    await refusalOf('not_found', store.open(agt, 'existing'));
    await refusalOf('not_found', store.read(agt));
    assert.deepEqual(await readdir(temp.path), []);
    await sessionOf(store, agt);
    await refusalOf('exists', store.open(agt, 'create'));
    await refusalOf('exists', storeOf().open(agt, 'create'));
  });

  it('refuses ids that could lead out of its folder', async () => {
    for (const bad of ['', '..', 'a/b', 'a\\b', 'a\0b', 'x'.repeat(201)])
      await refusalOf('invalid_id', storeOf().open(id(bad), 'create'));
  });

  it('leaves nothing of a session whose creation failed', async () => {
    const format: SessionFormat = {
      ...jsonFormat(),
      open: async (folder) => {
        await writeFile(path.join(folder, 'half'), '');
        throw new Error('no space');
      },
    };
    await refusalOf('io', storeOf(format).open(agt, 'create'));
    assert.deepEqual(await readdir(storeOf().layout.sessions), []);
    assert.deepEqual(await readdir(storeOf().layout.aside), []);
    await sessionOf(storeOf(), agt);
  });

  it('begins anew where a process died while it created the session', async () => {
    const store = storeOf();
    await store.layout.makeSessionFolder(agt);
    await writeFile(path.join(folderOf(agt), 'history.jsonl'), 'half a li');
    assert.equal(await store.exists(agt), false);
    assert.deepEqual(await store.list(), []);
    await refusalOf('not_found', store.open(agt, 'existing'));
    await sessionOf(store, agt);
    assert.deepEqual(await store.list(), [agt]);
  });

  it('opens a session once in a store object, and not in a second one', async () => {
    const [one, other] = [storeOf(), storeOf()];
    const log = await one.open(agt, 'create');
    await refusalOf('conflict', one.open(agt, 'existing'));
    const refusal = await refusalOf('held', other.open(agt, 'existing'));
    assert.ok(refusal instanceof SessionHeldError);
    assert.deepEqual([refusal.holder.state, refusal.holder.pid], ['alive', process.pid]);
    assert.equal((await other.holder(agt))?.pid, process.pid);
    await log.close();
    assert.equal(await other.holder(agt), undefined);
    await (await other.open(agt, 'existing')).close();
  });

  it('lets agents of the store that took the lease alone open the session', async () => {
    const [store, other] = [storeOf(), storeOf()];
    await sessionOf(store, agt);
    const release = await store.hold(agt);
    const log = await store.open(agt, 'existing');
    await log.close();
    await refusalOf('held', other.open(agt, 'existing'));
    await refusalOf('held', store.hold(agt));
    await release();
    const releaseOther = await other.hold(agt);
    await release();
    await refusalOf('held', store.hold(agt));
    await releaseOther();
  });

  it('keeps the lease for an open session when the one who took it alone gives it back', async () => {
    const store = storeOf();
    const release = await store.hold(agt);
    assert.equal(await store.exists(agt), false);
    const log = await store.open(agt, 'create');
    await release();
    await refusalOf('held', storeOf().hold(agt));
    await log.close();
    await (
      await storeOf().hold(agt)
    )();
    assert.equal(await store.exists(agt), true);
  });

  it('leaves no folder of a lease that was taken for a session that never began', async () => {
    const release = await storeOf().hold(agt);
    await release();
    assert.deepEqual(await readdir(storeOf().layout.sessions), []);
  });

  it('waits for the holder as long as it is told to', async () => {
    const [store, other] = [storeOf(), storeOf()];
    const log = await store.open(agt, 'create');
    const waiting = other.hold(agt, { waitMs: 10_000 });
    await pause(100);
    await log.close();
    await (
      await waiting
    )();
    const release = await store.hold(agt);
    const second = store.hold(agt, { waitMs: 10_000 });
    await release();
    await (
      await second
    )();
  });

  it('lets others read beside the writer', async () => {
    const log = await storeOf().open(agt, 'create');
    await log.commit(batchOf(1, { messages: [textMessage('one')] }));
    const reader = await storeOf().read(agt);
    const version = await reader.version();
    assert.equal((await reader.readMessages()).length, 1);
    await log.commit(batchOf(2, { messages: [textMessage('two')] }));
    assert.notEqual(await reader.version(), version);
    assert.equal((await reader.readMessages()).length, 2);
    await reader.close();
    await log.close();
  });

  it('keeps at most so many histories open and nobody notices', async () => {
    const store = storeOf(jsonFormat(), 3);
    const ids = Array.from({ length: 12 }, (_none, index) => id(`agt-${index}`));
    const logs = await Promise.all(ids.map((agentId) => store.open(agentId, 'create')));
    for (let seq = 1; seq <= 5; seq++) {
      await Promise.all(
        logs.map(async (log, index) => {
          await log.commit(batchOf(seq, { messages: [textMessage(`${index}-${seq}`)] }));
          assert.ok(store.openCount <= 3, `${store.openCount} open`);
          await log.barrier();
        }),
      );
    }
    for (const [index, log] of logs.entries()) {
      assert.deepEqual(
        (await log.readMessages()).map(({ id: text }) => text),
        [1, 2, 3, 4, 5].map((seq) => `${index}-${seq}`),
      );
      await refusalOf('held', storeOf().open(id(`agt-${index}`), 'existing'));
    }
    await Promise.all(logs.map((log) => log.close()));
    assert.equal(store.openCount, 0);
  });

  it('goes on reading events where it was, also when the files were closed in between', async () => {
    const store = storeOf(jsonFormat(), 1);
    const log = await store.open(agt, 'create');
    const other = await store.open(id('agt-other'), 'create');
    const envelopes = Array.from({ length: 1_300 }, (_none, index) => envelopeOf(index + 1));
    await log.commit({ envelopes });
    let seen = 0;
    for await (const envelope of log.readEvents()) {
      assert.equal(envelope.bookmark.seq, ++seen);
      if (seen % 400 === 0) await other.commit(batchOf(seen));
    }
    assert.equal(seen, 1_300);
    assert.equal((await collect(log.readEvents({ since: { seq: 1_290, timestamp: 0 } }))).length, 10);
    await log.close();
    await other.close();
    await refusalOf('closed', log.load());
    await refusalOf('closed', log.commit(batchOf(2_000)));
  });

  it('takes a session out of the list and brings it back', async () => {
    const store = storeOf();
    await sessionOf(store, agt);
    const log = await store.open(agt, 'existing');
    await refusalOf('conflict', store.discard(agt));
    await refusalOf('held', storeOf().discard(agt));
    await log.close();
    await store.discard(agt);
    assert.deepEqual(await store.list(), []);
    assert.equal(await store.exists(agt), false);
    await store.restore(agt);
    assert.deepEqual((await store.summaries())[0]?.title, 'Hello there');
    await (await store.open(agt, 'existing')).close();
    await refusalOf('not_found', store.restore(agt));
    await store.discard(agt);
    await sessionOf(store, agt, 'Another one');
    await refusalOf('exists', store.restore(agt));
    await store.delete(agt);
    await refusalOf('not_found', store.restore(agt));
    await store.delete(agt);
  });

  it('erases old trash only', async () => {
    let now = 1_000_000;
    const store = new FileSessionStore({ dir: temp.path, format: jsonFormat(), now: () => now });
    for (const name of ['agt-old', 'agt-new']) {
      await sessionOf(store, id(name));
      await store.discard(id(name));
      now += 20 * 24 * 3_600_000;
    }
    assert.equal((await store.sweep()).erasedSessions, 1);
    await refusalOf('not_found', store.restore(id('agt-old')));
    await store.restore(id('agt-new'));
    await store.discard(id('agt-new'));
    assert.equal((await store.sweep({ trashOlderThanMs: -1 })).erasedSessions, 1);
  });

  it('keeps small documents by any name', async () => {
    const store = storeOf();
    assert.equal(await store.readDocument('../../rules'), undefined);
    await store.writeDocument('../../rules', { allow: ['ls'] });
    await store.writeDocument('Rules', [1]);
    await store.writeDocument('rules', [2]);
    assert.deepEqual(await storeOf().readDocument('../../rules'), { allow: ['ls'] });
    assert.deepEqual(await storeOf().readDocument('Rules'), [1]);
    assert.equal((await readdir(store.layout.documents)).length, 3);
  });
});
