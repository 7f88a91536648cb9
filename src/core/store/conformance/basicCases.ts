import type { AgentEvent, Bookmark } from '../../protocol/events';
import { asMessageId } from '../../protocol/ids';
import type { Message } from '../../protocol/messages';
import type { Store, Timeline } from '../documentedStore';
import type { AgentInfo } from '../store';
import type { ConformanceCase } from './conformanceCase';
import { expectSame, expectThat } from './expect';
import { assistantMessage, callRecord, conversation, envelopeOf, infoOf, userMessage } from './histories';

const monitor: AgentEvent = { channel: 'monitor', type: 'state_changed', state: 'WORKING' };

/** What every store must do that is given to an agent. */
export const basicCases: readonly ConformanceCase[] = [
  {
    name: 'gives back what was saved',
    run: async (store, { one }) => {
      await store.saveInfo(one, infoOf(one));
      await store.saveMessages(one, conversation(4));
      await store.saveToolCallRecords(one, [callRecord('a'), callRecord('b', 'EXECUTING', 2_000)]);
      await store.appendEvent(one, envelopeOf(1));
      expectSame('loadInfo', await store.loadInfo(one), infoOf(one));
      expectSame('loadMessages', await store.loadMessages(one), conversation(4));
      const calls = [callRecord('a'), callRecord('b', 'EXECUTING', 2_000)];
      expectSame('loadToolCallRecords', await store.loadToolCallRecords(one), calls);
      expectSame('readEvents', await all(store.readEvents(one)), [envelopeOf(1)]);
      expectThat(`exists(${one}) is not true`, await store.exists(one));
    },
  },
  {
    name: 'gives nothing of an unknown agent, and does not make it by being asked',
    run: async (store, { one }) => {
      expectSame('loadMessages', await store.loadMessages(one), []);
      expectSame('loadToolCallRecords', await store.loadToolCallRecords(one), []);
      expectSame('readEvents', await all(store.readEvents(one)), []);
      expectSame('loadInfo', (await store.loadInfo(one)) ?? undefined, undefined);
      expectSame('exists', await store.exists(one), false);
      expectSame('list', await store.list(one), []);
    },
  },
  {
    name: 'puts what is saved in the place of what was saved before',
    run: async (store, { one }) => {
      await store.saveInfo(one, infoOf(one));
      const changed = conversation(6).with(1, assistantMessage(1, 'Another answer'));
      for (const messages of [conversation(6), changed, changed.slice(0, 2), [], conversation(1)]) {
        await store.saveMessages(one, messages);
        expectSame(`loadMessages after ${messages.length} were saved`, await store.loadMessages(one), messages);
      }
      const ended = [{ ...callRecord('a'), updatedAt: 1_500 }, callRecord('b', 'EXECUTING', 2_000)];
      await store.saveToolCallRecords(one, [callRecord('a', 'EXECUTING')]);
      await store.saveToolCallRecords(one, ended);
      expectSame('loadToolCallRecords', await store.loadToolCallRecords(one), ended);
      await store.saveInfo(one, { ...infoOf(one), title: 'Named' });
      expectSame('loadInfo', (await store.loadInfo(one))?.title, 'Named');
    },
  },
  {
    name: 'keeps every field of an info, those included that it does not know',
    run: async (store, { one }) => {
      const info: AgentInfo & { readonly ofLater: unknown } = {
        ...{ ...infoOf(one), title: 'T', pinned: true, metadata: { nested: { list: [1, null, 'x'] } } },
        ofLater: { queued: [], closed: false },
      };
      await store.saveInfo(one, info);
      expectSame('loadInfo', await store.loadInfo(one), info);
    },
  },
  {
    name: 'keeps any text as it is, and long ones',
    run: async (store, { one }) => {
      const texts = ['', '\u0000', '\n\r\u2028', '\u{1f600}', '"\\\'%_', 'x'.repeat(300_000)];
      const messages: readonly Message[] = texts.map((text, place) => ({
        ...userMessage(place, text),
        id: asMessageId(`m-${place}`),
      }));
      await store.saveInfo(one, infoOf(one));
      await store.saveMessages(one, messages);
      expectSame('loadMessages', await store.loadMessages(one), messages);
    },
  },
  {
    name: 'reads events strictly after since.seq, ascending, by channel, of agents that wrote in turn',
    run: async (store, { one, two }) => {
      // Numbers are each agent's own, and leave some out: they are not those of rows.
      const seqs = [1, 2, 3, 70_000, 70_001];
      for (const id of [one, two]) await store.saveInfo(id, infoOf(id));
      for (const seq of seqs) {
        await store.appendEvent(one, envelopeOf(seq, seq % 2 === 0 ? monitor : undefined));
        await store.appendEvent(two, envelopeOf(seq + 10));
      }
      for (const since of [0, 1, 3, 50_000, 70_000, 70_001]) {
        const wanted = seqs.filter((seq) => seq > since);
        expectSame(`readEvents since ${since}`, await seqsOf(store, one, since), wanted);
      }
      const ofMonitor = await all(store.readEvents(one, { channel: 'monitor' }));
      expectSame("readEvents of 'monitor'", ofMonitor, [envelopeOf(2, monitor), envelopeOf(70_000, monitor)]);
      expectSame('readEvents of the other agent', await seqsOf(store, two, 11), [12, 13, 70_010, 70_011]);
    },
  },
  {
    name: 'lists by the beginning of ids, with _ and % as they stand',
    run: async (store, { one }) => {
      const ids = [`${one}_a`, `${one}%a`, `${one}xa`];
      for (const id of ids) await store.saveInfo(id, infoOf(id));
      try {
        for (const id of ids) expectSame(`list(${id})`, await store.list(id.slice(0, -1)), [id]);
        expectSame('list', [...(await store.list(one))].sort(), [...ids].sort());
        const everything = await store.list();
        expectThat(
          'list() leaves some out',
          ids.every((id) => everything.includes(id)),
        );
      } finally {
        for (const id of ids) await store.delete(id);
      }
    },
  },
  {
    name: 'deletes an agent with all that belongs to it, and nothing else',
    run: async (store, { one, two }) => {
      for (const id of [one, two]) {
        await store.saveInfo(id, infoOf(id));
        await store.saveMessages(id, conversation(2));
        await store.saveToolCallRecords(id, [callRecord('a')]);
        await store.appendEvent(id, envelopeOf(1));
      }
      await store.delete(one);
      await store.delete(one);
      expectSame('exists', await store.exists(one), false);
      expectSame('list', await store.list(one), []);
      // The same id again must not bring anything back.
      await store.saveInfo(one, infoOf(one));
      expectSame('loadMessages', await store.loadMessages(one), []);
      expectSame('loadToolCallRecords', await store.loadToolCallRecords(one), []);
      expectSame('readEvents', await all(store.readEvents(one)), []);
      expectSame('loadMessages of the other agent', await store.loadMessages(two), conversation(2));
      expectSame('readEvents of the other agent', await seqsOf(store, two, 0), [1]);
    },
  },
];

async function all(timelines: AsyncIterable<Timeline>): Promise<readonly Timeline[]> {
  const found: Timeline[] = [];
  for await (const timeline of timelines) found.push(timeline);
  return found;
}

async function seqsOf(store: Store, id: string, seq: number): Promise<readonly number[]> {
  const since: Bookmark = { seq, timestamp: 0 };
  return (await all(store.readEvents(id, { since }))).map(({ bookmark }) => bookmark.seq);
}
