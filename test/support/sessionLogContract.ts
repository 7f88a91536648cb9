import { strict as assert } from 'node:assert';
import { asCallId } from '../../src/core/protocol/ids';
import { noUsage } from '../../src/core/protocol/usage';
import { recordKinds, type Batch, type SessionLog, type SessionReader } from '../../src/core/store/store';
import { batchOf, callOf, collect, envelopeOf, everythingOf, recordOf, textMessage } from './batches';
import { refusalOf } from './refusal';
import type { LeasedBench, SessionBench } from './sessionBench';
import { sessionRecordsContract } from './sessionRecordsContract';

/** What every store's history must do. Call inside of `describe`; the bench is a new one for every test. */
export function sessionLogContract(bench: () => SessionBench): void {
  const opened: SessionReader[] = [];
  const keep = async <T extends SessionReader>(opening: Promise<T>): Promise<T> => {
    const one = await opening;
    opened.push(one);
    return one;
  };
  const create = (): Promise<SessionLog> => keep(bench().create());
  const reopen = (): Promise<SessionLog> => keep(bench().reopen());
  const read = (): Promise<SessionReader> => keep(bench().read());
  afterEach(async () => {
    await Promise.allSettled(opened.splice(0).map((one) => one.close()));
  });
  const textsIn = async (session: SessionReader): Promise<readonly string[]> =>
    (await session.readMessages()).map(({ id }) => id);
  const texts = (...ids: readonly string[]): Pick<Batch, 'messages'> => ({ messages: ids.map(textMessage) });

  it('begins empty and cleanly closed', async () => {
    const log = await create();
    assert.deepEqual(await everythingOf(log), {
      state: {
        ...{ info: undefined, messageCount: 0, openToolCalls: [], todos: [], queued: [], turn: undefined },
        ...{ stepCount: 0, spending: [], lastSeq: 0, closedCleanly: true },
      },
      ...{ messages: [], events: [], toolCalls: [], snapshots: [], records: [] },
    });
  });

  it('gives back every part of a batch, before and after it was closed and opened again, and to a reader', async () => {
    const log = await create();
    await log.commit(full(1));
    await log.barrier();
    const written = await everythingOf(log);
    const { envelopes, toolCalls, snapshots, records, messages, ...whole } = full(1);
    const state = { ...whole, messageCount: 2, openToolCalls: toolCalls, lastSeq: 2, closedCleanly: false };
    assert.deepEqual(written, { state, messages, events: envelopes, toolCalls, snapshots, records });
    assert.deepEqual(await everythingOf(await read()), written);
    await log.close();
    assert.deepEqual(await everythingOf(await reopen()), { ...written, state: { ...state, closedCleanly: true } });
  });

  it('keeps the last of what is kept whole, and knows a turn that ended', async () => {
    const log = await create();
    await log.commit(full(1));
    const nothing = { todos: [], queued: [], stepCount: 0, spending: [] };
    await log.commit(batchOf(3, { ...nothing, turn: null }));
    const { todos, queued, turn, stepCount, spending, info } = await log.load();
    assert.deepEqual({ todos, queued, turn, stepCount, spending }, { ...nothing, turn: undefined });
    assert.deepEqual(info, full(1).info);
  });

  it('keeps a call at the place of its creation while its state changes', async () => {
    const log = await create();
    await log.commit(batchOf(1, { toolCalls: [callOf('b', 'PENDING'), callOf('a', 'PENDING')] }));
    await log.commit(batchOf(2, { toolCalls: [callOf('c', 'PENDING'), callOf('b', 'EXECUTING')] }));
    await log.commit(batchOf(3, { toolCalls: [callOf('a', 'COMPLETED')] }));
    const statesOf = (calls: Awaited<ReturnType<SessionLog['readToolCalls']>>): readonly string[] =>
      calls.map(({ id, state }) => `${id} ${state}`);
    assert.deepEqual(statesOf(await log.readToolCalls()), ['b EXECUTING', 'a COMPLETED', 'c PENDING']);
    assert.deepEqual(statesOf((await log.load()).openToolCalls), ['b EXECUTING', 'c PENDING']);
    const some = await log.readToolCalls(['c', 'unknown', 'b'].map(asCallId));
    assert.deepEqual(statesOf(some), ['b EXECUTING', 'c PENDING']);
    assert.deepEqual(await log.readToolCalls([]), []);
  });

  sessionRecordsContract({ create, reopen, read });

  it('reads any range of the messages', async () => {
    const log = await create();
    await log.commit(batchOf(1, texts('a', 'b')));
    await log.commit(batchOf(2, texts('c')));
    await log.commit(batchOf(3, texts('d', 'e')));
    const all = ['a', 'b', 'c', 'd', 'e'];
    for (let from = 0; from <= 6; from++)
      for (let to = from; to <= 6; to++)
        assert.deepEqual(
          (await log.readMessages({ from, to })).map(({ id }) => id),
          all.slice(from, to),
        );
    assert.equal((await log.readMessages({ from: 3 })).length, 2);
    assert.equal((await log.readMessages({ to: 3 })).length, 3);
  });

  it('goes back to any place of the conversation, again and again, and on from there', async () => {
    const log = await create();
    await log.commit(batchOf(1, texts('a', 'b', 'c', 'd')));
    await log.commit(batchOf(2, { keepMessages: 2, ...texts('e', 'f') }));
    assert.deepEqual(await textsIn(log), ['a', 'b', 'e', 'f']);
    await log.commit(batchOf(3, { keepMessages: 3 }));
    await log.commit(batchOf(4, texts('g')));
    assert.deepEqual(await textsIn(log), ['a', 'b', 'e', 'g']);
    await log.commit(batchOf(5, { keepMessages: 9, ...texts('h') }));
    assert.deepEqual(await textsIn(log), ['a', 'b', 'e', 'g', 'h']);
    await log.commit(batchOf(6, { keepMessages: 1, ...texts('i') }));
    assert.deepEqual(await textsIn(await read()), ['a', 'i']);
    await log.commit(batchOf(7, { keepMessages: 0 }));
    assert.equal((await log.load()).messageCount, 0);
    await log.close();
    const again = await reopen();
    await again.commit(batchOf(8, texts('j')));
    assert.deepEqual(await textsIn(again), ['j']);
    assert.equal((await collect(again.readEvents())).length, 8, 'events stay');
  });

  it('reads thousands of events after a place, of some channels', async () => {
    const log = await create();
    for (let seq = 1; seq <= 1_200; seq += 40)
      await log.commit({ envelopes: Array.from({ length: 40 }, (_, index) => envelopeOf(seq + index)) });
    for (const session of [log, await read()]) {
      const seqs = async (opts?: Parameters<SessionReader['readEvents']>[0]): Promise<readonly number[]> =>
        (await collect(session.readEvents(opts))).map(({ cursor }) => cursor);
      const all = Array.from({ length: 1_200 }, (_, index) => index + 1);
      assert.deepEqual(await seqs(), all);
      assert.deepEqual(await seqs({ since: { seq: 613, timestamp: 0 } }), all.slice(613));
      assert.deepEqual(
        await seqs({ since: { seq: 100, timestamp: 0 }, channels: ['monitor', 'control'] }),
        all.filter((seq) => seq > 100 && seq % 2 === 0),
      );
      assert.deepEqual(await seqs({ channels: [] }), []);
      assert.deepEqual(await seqs({ since: { seq: 5_000, timestamp: 0 } }), []);
      for await (const { cursor } of session.readEvents()) if (cursor === 3) break;
    }
  });

  it('gives frozen arrays, and keeps nothing of the objects it was given', async () => {
    const log = await create();
    const batch = { ...full(1) };
    const before = JSON.stringify(batch);
    await log.commit(batch);
    Object.assign(batch.messages[0] ?? {}, { role: 'system' });
    Object.assign(batch.info, { title: 'changed' });
    const messages = await log.readMessages();
    assert.ok(Object.isFrozen(messages));
    assert.deepEqual(messages, (JSON.parse(before) as Batch).messages);
    assert.equal((await log.load()).info?.title, undefined);
  });

  it('refuses events that do not rise, and stores nothing of their batch', async () => {
    const log = await create();
    await log.commit(batchOf(5));
    const falling = { envelopes: [envelopeOf(7), envelopeOf(6)] };
    for (const batch of [batchOf(5), batchOf(4), falling])
      await refusalOf('conflict', log.commit({ ...full(1), ...batch, ...texts('never') }));
    const { messages, state, events, records } = await everythingOf(log);
    assert.deepEqual([messages.length, state.stepCount, events.length, state.lastSeq], [0, 0, 1, 5]);
    assert.deepEqual([records, state.spending], [[], []]);
    await log.commit(batchOf(6));
  });

  it('is read while it writes, and neither confuses the other', async () => {
    const log = await create();
    const reads: Promise<unknown>[] = [];
    for (let seq = 1; seq <= 60; seq++) {
      reads.push(log.readMessages(), log.readToolCalls([asCallId('nobody')]), log.load());
      await log.commit(batchOf(seq, texts(`message ${seq}`)));
      if (seq % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(reads);
    assert.equal((await textsIn(log)).length, 60);
    await log.barrier();
    assert.equal((await textsIn(await read())).length, 60);
  });

  it('says whether the last writer closed it', async () => {
    const isClean = async (session: SessionReader): Promise<boolean> => (await session.load()).closedCleanly;
    await (await create()).close();
    const log = await reopen();
    assert.equal(await isClean(log), true, 'never written');
    await log.commit(batchOf(1));
    assert.equal(await isClean(log), false, 'written');
    assert.equal(await isClean(await read()), false, 'written, says a reader');
    await log.close();
    assert.equal(await isClean(await read()), true, 'closed');
    await (await reopen()).close();
    assert.equal(await isClean(await reopen()), true, 'opened and closed');
  });

  it('has another version after every commit, and the same one in between', async () => {
    const seen = new Set<string>();
    let log = await create();
    const reader = await read();
    for (let commit = 1; commit <= 6; commit++) {
      await log.commit({ envelopes: [], stepCount: commit });
      if (commit === 3) {
        await log.close();
        log = await reopen();
      }
      for (const [name, session] of Object.entries({ log, reader })) {
        const version = `${name} ${await session.version()}`;
        assert.ok(!seen.has(version), `commit ${commit}: ${version} was there before`);
        assert.equal(`${name} ${await session.version()}`, version);
        seen.add(version);
      }
    }
  });

  it('reads along beside the writer', async () => {
    const log = await create();
    const reader = await read();
    for (const seq of [1, 2, 3]) {
      await log.commit(full(seq * 10));
      assert.deepEqual(await everythingOf(reader), await everythingOf(log));
    }
    await log.commit(batchOf(100, { keepMessages: 1 }));
    assert.deepEqual(await everythingOf(reader), await everythingOf(log));
    await reader.close();
    await log.commit(batchOf(101));
  });

  it('keeps any text as it is, and large numbers', async () => {
    const strange = ['', '\u0000', '\n\r\u2028\u2029', '\u{1f600}', '\ud800 alone', '"\\', 'x'.repeat(300_000)];
    const messages = strange.map((text, index) => ({ ...textMessage(text), id: textMessage(`m${index}`).id }));
    const seq = 2 ** 52;
    const log = await create();
    await log.commit({ envelopes: [envelopeOf(seq)], messages });
    assert.deepEqual(await log.readMessages(), messages);
    assert.equal((await log.load()).lastSeq, seq);
    assert.deepEqual(await collect((await read()).readEvents()), [envelopeOf(seq)]);
  });

  it('acknowledges to everybody who waits at the same time', async () => {
    const log = await create();
    await log.barrier();
    const committed = [1, 2, 3].map(async (seq) => log.commit(batchOf(seq)).then(() => log.barrier()));
    await Promise.all(committed);
    assert.equal((await log.load()).lastSeq, 3);
  });

  it('does nothing more after it was closed', async () => {
    const log = await create();
    await log.commit(batchOf(1));
    await Promise.all([log.close(), log.close()]);
    await log.close();
    await refusalOf('closed', log.commit(batchOf(2)));
    await refusalOf('closed', log.barrier());
  });
}

/** What a history must do when its writer's lease is lost. */
export function lostLeaseContract(bench: () => LeasedBench): void {
  it('stores nothing and marks no end once another writer took over', async () => {
    const log = await bench().create();
    await log.commit(batchOf(1, { messages: [textMessage('a')] }));
    bench().loseLease();
    await refusalOf('conflict', log.commit(batchOf(2, { messages: [textMessage('b')] })));
    await log.close();
    const reader = await bench().read();
    const { state, messages } = await everythingOf(reader);
    await reader.close();
    assert.deepEqual([state.lastSeq, state.closedCleanly, messages.length], [1, false, 1]);
  });
}

/** Something of every part; its events have this seq and the next. */
function full(seq: number) {
  const agentId = 'agt-bench';
  return {
    envelopes: [envelopeOf(seq), envelopeOf(seq + 1)],
    messages: [textMessage(`first of ${seq}`), textMessage(`second of ${seq}`)],
    toolCalls: [callOf(`call of ${seq}`, 'EXECUTING')],
    todos: [{ id: 't', title: 'Try', status: 'pending', createdAt: 1, updatedAt: 2 }],
    queued: [textMessage(`queued at ${seq}`)],
    turn: { messageId: textMessage(`first of ${seq}`).id, startedAt: 1_000_000 },
    stepCount: seq,
    spending: [{ vendor: 'v', model: 'm', calls: seq, unpricedCalls: 1, usage: { ...noUsage, cost: 0.1 } }],
    records: recordKinds.map((kind) => recordOf(`${kind} of ${seq}`, kind)),
    snapshots: [{ id: `snapshot ${seq}`, label: 'here', messageCount: 2, seq, createdAt: 1_000_000 }],
    info: { agentId, templateId: 'writer', createdAt: 1_000_000, config: { model: 'm' } },
  } as unknown as Required<Omit<Batch, 'keepMessages'>>;
}
