import { strict as assert } from 'node:assert';
import { readFile, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { AgentId } from '../../../../src/core/protocol/ids';
import type { SessionFormat } from '../../../../src/node/sessionFormat';
import { FileSessionStore } from '../../../../src/node/store/fileSessionStore';
import { openHistoryFile } from '../../../../src/node/store/historyFile';
import { jsonFormat } from '../../../../src/node/store/jsonLog';
import { readMachine } from '../../../../src/node/store/machine';
import { OpenSlots } from '../../../../src/node/store/openSlots';
import { batchOf, collect, textMessage } from '../../../support/batches';
import { neverAborted, refusalOf } from '../../../support/refusal';
import { useTempFolder } from '../../../support/tempFolder';

const [agt, other] = ['agt-one' as AgentId, 'agt-other' as AgentId];

describe('A session on a disk that fails', () => {
  const temp = useTempFolder();
  /** The JSON format on a disk whose flushes fail while `fails` says so. */
  const failing = (fails: () => boolean): SessionFormat =>
    jsonFormat(async (name, mode) => {
      const file = await openHistoryFile(name, mode);
      const sync = async (): Promise<void> => {
        if (fails()) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
        await file.sync();
      };
      return { ...file, sync };
    });

  it('acknowledges nothing after a failed flush, also when its files were closed in between', async () => {
    let fails = false;
    const store = new FileSessionStore({ dir: temp.path, format: failing(() => fails), maxOpen: 1 });
    const log = await store.open(agt, 'create');
    await log.commit(batchOf(1, { messages: [textMessage('kept')] }));
    await log.barrier();
    await log.commit(batchOf(2, { messages: [textMessage('never acknowledged')] }));
    fails = true;
    // Another session needs the place, so that the files are closed: that flushes.
    await (await store.read(agt)).close();
    const next = store.open(other, 'create');
    await Promise.allSettled([next]);
    fails = false;
    await refusalOf('io', log.barrier());
    await refusalOf('io', log.commit(batchOf(3)));
    await Promise.allSettled([log.close()]);
    const again = await store.open(agt, 'existing');
    assert.equal((await again.readMessages())[0]?.id, 'kept');
    await again.close();
  });

  it('does what was asked before it was closed', async () => {
    const store = new FileSessionStore({ dir: temp.path, format: jsonFormat() });
    const log = await store.open(agt, 'create');
    const large = 'x'.repeat(50_000);
    const commits = [1, 2, 3].map((seq) => log.commit(batchOf(seq, { messages: [textMessage(`${seq} ${large}`)] })));
    await Promise.all([...commits, log.close()]);
    const reader = await store.read(agt);
    assert.deepEqual(
      (await reader.readMessages()).map(({ id }) => id.slice(0, 1)),
      ['1', '2', '3'],
    );
    await reader.close();
  });

  it('makes list entry and search text anew after the machine went down, since only the history was flushed', async () => {
    const machine = async () => {
      const real = await readMachine();
      return { ...real, self: { ...real.self, bootId: 'before the power cut' } };
    };
    const before = new FileSessionStore({ dir: temp.path, format: jsonFormat(), machine });
    const log = await before.open(agt, 'create');
    await log.commit(batchOf(1, { messages: [textMessage('a needle')] }));
    await log.barrier();
    const folder = before.layout.sessionFolder(agt);
    // What a power cut may leave of files that were never flushed; no heartbeat was heard since the start.
    await rm(before.layout.holders, { recursive: true });
    await writeFile(path.join(folder, 'text.jsonl'), '\0\0\0\0');
    const store = new FileSessionStore({ dir: temp.path, format: jsonFormat() });
    await (await store.open(agt, 'existing')).close();
    assert.equal((await store.summaries())[0]?.title, 'a needle');
    assert.equal((await collect(store.search('needle', {}, neverAborted))).length, 2);
    assert.ok(!(await readFile(path.join(folder, 'text.jsonl'), 'utf8')).includes('\0'));
    await refusalOf('conflict', log.commit(batchOf(2)));
    await log.close();
  });

  it('says which document cannot be read', async () => {
    const store = new FileSessionStore({ dir: temp.path, format: jsonFormat() });
    await store.writeDocument('rules', {});
    await writeFile(path.join(store.layout.documents, 'rules.json'), '{"a":');
    assert.match((await refusalOf('damaged', store.readDocument('rules'))).message, /"rules"/);
  });

  it('is refused where the store can have no folder', async () => {
    await writeFile(path.join(temp.path, 'file'), '');
    const store = new FileSessionStore({ dir: path.join(temp.path, 'file'), format: jsonFormat() });
    await refusalOf('io', store.open(agt, 'create'));
  });
});

describe('The places for open histories', () => {
  it('are given back by what could not be opened, and one opening serves all who wait for it', async () => {
    const slots = new OpenSlots(1);
    let tries = 0;
    const member = {
      open: async () => {
        if (++tries === 1) throw new Error('not yet');
      },
      close: async () => undefined,
    };
    const [first, second, third] = await Promise.allSettled([1, 2, 3].map((n) => slots.use(member, async () => n)));
    assert.deepEqual([first?.status, second?.status, third?.status], ['rejected', 'fulfilled', 'fulfilled']);
    assert.deepEqual([tries, slots.open], [2, 1]);
    await slots.remove(member);
    assert.equal(slots.open, 0);
  });

  it('are never taken from work that is going on: the next one waits', async () => {
    const slots = new OpenSlots(1);
    const closed: string[] = [];
    const member = (name: string) => ({ open: async () => undefined, close: async () => void closed.push(name) });
    const [one, two] = [member('one'), member('two')];
    let finish: () => void = () => undefined;
    const working = slots.use(one, () => new Promise<void>((resolve) => (finish = resolve)));
    const waiting = slots.use(two, async () => closed.slice());
    await new Promise(setImmediate);
    assert.deepEqual(closed, []);
    finish();
    await working;
    assert.deepEqual(await waiting, ['one']);
  });
});
