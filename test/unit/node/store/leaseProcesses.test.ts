import { strict as assert } from 'node:assert';
import { readdir, readFile, stat, utimes } from 'node:fs/promises';
import * as path from 'node:path';
import type { AgentId } from '../../../../src/core/protocol/ids';
import { SessionHeldError } from '../../../../src/core/store/sessionHeld';
import type { OpenOptions, SessionReader } from '../../../../src/core/store/store';
import { FileSessionStore } from '../../../../src/node/store/fileSessionStore';
import { jsonFormat } from '../../../../src/node/store/jsonLog';
import { askChannel } from '../../../../src/node/store/leaseChannel';
import { parseLease, type LeaseOwner } from '../../../../src/node/store/leaseOwner';
import { buildChildProgram, type ChildProgram } from '../../../support/childProgram';
import { batchOf, textMessage } from '../../../support/batches';
import { refusalOf } from '../../../support/refusal';
import { canUnshare, StoreProcess, type StoreProcessOptions } from '../../../support/storeProcess';
import { formatNames, formatOf } from '../../../support/storeFormats';
import { useTempFolder } from '../../../support/tempFolder';

const agt = 'agt-shared' as AgentId;

describe('A session between processes', function () {
  this.timeout(30_000);
  const temp = useTempFolder();
  let program: ChildProgram;
  before(async () => {
    program = await buildChildProgram('test/support/storeProgram.ts');
  });
  after(() => program.remove());

  const started: StoreProcess[] = [];
  afterEach(async () => {
    for (const other of started.splice(0)) await other.kill();
  });
  const start = (opts?: StoreProcessOptions): StoreProcess => {
    const other = new StoreProcess(program.file, temp.path, agt, opts);
    started.push(other);
    return other;
  };
  /** Another process with the session open and one message in it. */
  async function writer(opts?: StoreProcessOptions): Promise<StoreProcess> {
    const other = start(opts);
    await other.do({ do: 'open', mode: 'create' });
    await other.do({ do: 'commit', seq: 1 });
    return other;
  }
  const store = (): FileSessionStore => new FileSessionStore({ dir: temp.path, format: jsonFormat() });
  async function refusedHolder(opts: OpenOptions): Promise<string> {
    const refusal = await refusalOf('held', store().open(agt, 'existing', opts));
    assert.ok(refusal instanceof SessionHeldError);
    return refusal.holder.state;
  }
  async function owner(): Promise<LeaseOwner> {
    const folder = store().layout.sessionFolder(agt);
    const [name, ...more] = (await readdir(folder)).filter((one) => one.startsWith('lock'));
    assert.ok(name && more.length === 0);
    const record = parseLease(await readFile(path.join(folder, name), 'utf8'));
    assert.ok(record?.kind === 'owned');
    return record.owner;
  }
  /** As if the holder had been silent for so long. */
  async function silence(ms: number): Promise<void> {
    const then = new Date(Date.now() - ms);
    await utimes(path.join(store().layout.holders, (await owner()).holder.id), then, then);
  }
  const storeWith = async (format: string): Promise<FileSessionStore> =>
    new FileSessionStore({ dir: temp.path, format: await formatOf(format) });
  const messagesNow = async (): Promise<readonly string[]> => textsOf(await store().read(agt));
  async function textsOf(reader: SessionReader): Promise<readonly string[]> {
    const messages = await reader.readMessages();
    await reader.close();
    return messages.map(({ id }) => id);
  }

  it('goes on here after the other process was killed, with its list entry brought up to date', async () => {
    const other = await writer();
    await other.kill();
    const log = await store().open(agt, 'existing');
    await log.commit(batchOf(2));
    await log.close();
    assert.deepEqual(await messagesNow(), ['message 1']);
    const [entry] = await store().summaries();
    assert.deepEqual([entry?.title, entry?.messageCount, entry?.lastSeq], ['message 1', 1, 2]);
  });

  it('leaves neither sockets nor heartbeats of a killed holder behind', async () => {
    const other = await writer();
    const { channel } = (await owner()).holder;
    assert.ok(channel);
    await other.kill();
    await (await store().open(agt, 'existing')).close();
    await assert.rejects(stat(path.dirname(channel)));
    assert.deepEqual(await readdir(store().layout.holders), []);
  });

  it('stays with a living process, however long that is paused', async () => {
    const other = await writer();
    other.signal('SIGSTOP');
    await silence(3_600_000);
    for (const takeOver of ['never', 'unjudged', 'ask'] as const)
      assert.equal(await refusedHolder({ takeOver }), 'alive', takeOver);
    other.signal('SIGCONT');
    await other.do({ do: 'commit', seq: 2 });
    await other.do({ do: 'close' });
    assert.deepEqual(await messagesNow(), ['message 1', 'message 2']);
  });

  it('is refused to the others as long as a process lives that took the lease alone', async () => {
    const other = start();
    await other.do({ do: 'hold' });
    assert.equal((await refusalOf('held', store().hold(agt))).retryable, true);
    await other.kill();
    await (
      await store().hold(agt)
    )();
  });

  for (const [where, opts, missing] of [
    ['in another pid namespace', { ownPidNamespace: true }, () => !canUnshare()],
    ['on another machine', { machineId: 'another machine' }, () => false],
  ] as const)
    describe(`whose holder runs ${where}`, function () {
      before(function () {
        // Needs Linux, root and unshare.
        if (missing()) this.skip();
      });

      it('is held by it while it answers, whatever its heartbeat says', async () => {
        await writer(opts);
        await silence(120_000);
        assert.equal(await refusedHolder({ takeOver: 'unjudged' }), 'alive');
      });

      it('goes on here by a person’s decision only, after a minute without a heartbeat', async () => {
        const other = await writer(opts);
        await other.kill();
        assert.equal(await refusedHolder({ takeOver: 'unjudged' }), 'alive');
        await silence(50_000);
        assert.equal(await refusedHolder({ takeOver: 'unjudged' }), 'alive');
        await silence(61_000);
        assert.equal(await refusedHolder({ takeOver: 'never' }), 'unknown');
        assert.equal(await refusedHolder({ takeOver: 'ask' }), 'unknown');
        assert.equal((await store().holder(agt))?.state, 'unknown');
        const log = await store().open(agt, 'existing', { takeOver: 'unjudged' });
        await log.commit(batchOf(2));
        await log.close();
        assert.deepEqual(await messagesNow(), ['message 1']);
      });

      for (const format of formatNames)
        it(`cannot be written or harmed any more by a holder that lived on: ${format}`, async () => {
          const here = (): Promise<FileSessionStore> => storeWith(format);
          const other = await writer({ ...opts, format });
          other.signal('SIGSTOP');
          await silence(61_000);
          const log = await (await here()).open(agt, 'existing', { takeOver: 'unjudged' });
          await log.commit(batchOf(2, { messages: [textMessage('message 2')] }));
          await log.barrier();
          other.signal('SIGCONT');
          assert.equal((await other.ask({ do: 'commit', seq: 3 })).code, 'conflict');
          await other.ask({ do: 'close' });
          // As after a crash here: what was acknowledged is read from the disk.
          const reader = await (await here()).read(agt);
          assert.deepEqual(await textsOf(reader), ['message 1', 'message 2']);
          await log.commit(batchOf(4));
          await log.close();
          assert.deepEqual(await textsOf(await (await here()).read(agt)), ['message 1', 'message 2']);
          assert.deepEqual((await store().summaries())[0]?.lastSeq, 4);
        });
    });

  describe('that is asked for', () => {
    it('is handed over by an idle holder within a second', async () => {
      const other = await writer();
      await other.do({ do: 'answer', with: 'close' });
      const next = start();
      const { ms } = await next.do({ do: 'open', mode: 'existing', opts: { takeOver: 'ask' } });
      assert.ok(ms < 1_000, `${ms} ms`);
      if (process.env['COUNTERSIGN_TIMES']) console.log(`        handed over in ${ms.toFixed(1)} ms`);
      await next.do({ do: 'commit', seq: 2 });
      assert.equal((await other.ask({ do: 'commit', seq: 3 })).code, 'closed');
    });

    for (const answer of ['no', 'failure', 'lie'] as const)
      it(`stays with a holder whose answer is: ${answer}`, async () => {
        const other = await writer();
        await other.do({ do: 'answer', with: answer });
        assert.equal(await refusedHolder({ takeOver: 'ask' }), 'alive');
        await other.do({ do: 'commit', seq: 2 });
      });

    it('stays with a holder that nobody answers for', async () => {
      const other = await writer();
      assert.equal(await refusedHolder({ takeOver: 'ask' }), 'alive');
      await other.do({ do: 'commit', seq: 2 });
    });

    it('is not given to somebody who does not know the token, and only this user can reach the holder', async () => {
      const other = await writer();
      await other.do({ do: 'answer', with: 'close' });
      const { channel, token } = (await owner()).holder;
      assert.ok(channel);
      const ask = (with_: string) => askChannel(channel, with_, { ask: 'handOver', agentId: agt }, 1_000);
      for (const wrong of ['', 'x', token.replace(/./, 'x')]) assert.equal(await ask(wrong), undefined);
      await other.do({ do: 'commit', seq: 2 });
      if (process.platform !== 'win32') {
        assert.equal((await stat(channel)).mode & 0o777, 0o600);
        assert.equal((await stat(path.dirname(channel))).mode & 0o777, 0o700);
      }
      assert.equal(await ask(token), true);
    });
  });

  it('keeps no process alive', async () => {
    const other = await writer();
    const began = performance.now();
    await other.end();
    assert.ok(performance.now() - began < 5_000);
    await (await store().open(agt, 'existing')).close();
  });
});
