import { strict as assert } from 'node:assert';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { AgentId } from '../../../../src/core/protocol/ids';
import { FileSessionStore } from '../../../../src/node/store/fileSessionStore';
import { jsonFormat } from '../../../../src/node/store/jsonLog';
import { batchOf, textMessage } from '../../../support/batches';
import { refusalOf } from '../../../support/refusal';
import { useTempFolder } from '../../../support/tempFolder';

const id = (text: string): AgentId => text as AgentId;
const agt = id('agt-one');

describe('Large messages', () => {
  const temp = useTempFolder();
  const storeOf = (): FileSessionStore => new FileSessionStore({ dir: temp.path, format: jsonFormat() });
  const folderOf = (agentId: AgentId): string => storeOf().layout.sessionFolder(agentId);
  const large = { ...textMessage('large'), content: [{ type: 'text', text: 'word '.repeat(10_000) } as const] };

  it('stand once on the disk, however many sessions hold them', async () => {
    const store = storeOf();
    for (const name of ['agt-a', 'agt-b']) {
      const log = await store.open(id(name), 'create');
      await log.commit(batchOf(1, { messages: [textMessage('small'), large] }));
      await log.commit(batchOf(2, { messages: [textMessage('after')] }));
      const messages = await log.readMessages();
      assert.deepEqual(messages, [textMessage('small'), large, textMessage('after')]);
      assert.ok(Object.isFrozen(messages));
      await log.close();
      assert.ok((await readFile(path.join(folderOf(id(name)), 'history.jsonl'))).length < 16_000);
    }
    assert.equal((await readdir(store.layout.blobs)).length, 1);
    const reader = await storeOf().read(id('agt-b'));
    assert.deepEqual(await reader.readMessages({ from: 1, to: 2 }), [large]);
    await reader.close();
  });

  it('are named when they are missing or not themselves; the rest can be read', async () => {
    const store = storeOf();
    const log = await store.open(agt, 'create');
    await log.commit(batchOf(1, { messages: [textMessage('small'), large] }));
    const [name] = await readdir(store.layout.blobs);
    assert.ok(name);
    await writeFile(path.join(store.layout.blobs, name), '{}');
    assert.match((await refusalOf('damaged', log.readMessages())).message, new RegExp(name));
    await rm(path.join(store.layout.blobs, name));
    assert.match((await refusalOf('damaged', log.readMessages())).message, new RegExp(name));
    assert.deepEqual(await log.readMessages({ to: 1 }), [textMessage('small')]);
    await log.close();
  });

  it('cannot be passed off by a message that looks like a reference', async () => {
    const log = await storeOf().open(agt, 'create');
    const forged = { ...textMessage('hi'), blob: { sha256: '../../etc/passwd' } };
    await log.commit(batchOf(1, { messages: [forged] }));
    assert.deepEqual(await log.readMessages(), [forged]);
    await log.close();
  });

  it('are removed an hour after the last session that holds them is erased, not before', async () => {
    const store = storeOf();
    for (const name of ['agt-a', 'agt-b']) {
      const log = await store.open(id(name), 'create');
      await log.commit(batchOf(1, { messages: [large] }));
      await log.close();
    }
    const [name] = await readdir(store.layout.blobs);
    assert.ok(name);
    const old = new Date(Date.now() - 2 * 3_600_000);
    const age = (): Promise<void> => utimes(path.join(store.layout.blobs, name), old, old);
    await age();
    await store.delete(id('agt-a'));
    assert.equal((await store.sweep()).removedBlobs, 0);
    await store.discard(id('agt-b'));
    assert.equal((await store.sweep()).removedBlobs, 0, 'the trash holds it');
    await store.delete(id('agt-b'));
    await utimes(path.join(store.layout.blobs, name), new Date(), new Date());
    assert.equal((await store.sweep()).removedBlobs, 0, 'it is young');
    await age();
    assert.equal((await store.sweep()).removedBlobs, 1);
    assert.deepEqual(await readdir(store.layout.blobs), []);
  });
});
