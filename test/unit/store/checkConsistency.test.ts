import { strict as assert } from 'node:assert';
import { StoreError } from '../../../src/core/errors';
import type { Envelope } from '../../../src/core/protocol/events';
import { MemoryStore } from '../../../src/core/store/memoryStore';
import { NamedStore } from '../../../src/core/store/namedStore';
import type { Batch, SessionStore } from '../../../src/core/store/store';
import { forwarding } from '../../support/countedSessions';
import {
  agentIdOf,
  callMessage,
  callRecord,
  conversation,
  envelopeOf,
  resultMessage,
  userMessage,
} from '../../support/histories';
import { refusalOf } from '../../support/refusal';

const one = agentIdOf('one');

describe('the check of a session', () => {
  it('finds nothing in a good one', async () => {
    const advanced = { channel: 'monitor', type: 'seq_advanced', from: 2, to: 65_536 } as const;
    const issues = await issuesOf({
      envelopes: [envelopeOf(1), envelopeOf(2), envelopeOf(65_536, advanced), envelopeOf(65_537)],
      messages: [userMessage(0), callMessage(1, 'a'), resultMessage(2, 'a')],
      toolCalls: [callRecord('a')],
      snapshots: [{ id: 'sfp-1', messageCount: 1, seq: 1, createdAt: 1 }],
    });
    assert.deepEqual(issues, []);
  });

  it('finds a call without its result', async () => {
    const issues = await issuesOf({
      messages: [userMessage(0), callMessage(1, 'a'), userMessage(2), callMessage(3, 'b')],
    });
    assert.equal(issues.length, 2);
    assert.match(issues[0]!, /call a in message 1 has no result in the next one/);
    assert.match(issues[1]!, /call b in message 3, the last one, has no result/);
  });

  it('finds a result that nobody asked for, and an id given twice', async () => {
    const issues = await issuesOf({ messages: [userMessage(0), resultMessage(1, 'a'), userMessage(0)] });
    assert.match(issues[0]!, /result of a, which the message before did not ask for/);
    assert.match(issues[1]!, /has the id msg-0 of an earlier one/);
  });

  it('finds a call that is open while no turn runs, and leaves a running turn alone', async () => {
    const batch = { messages: [callMessage(0, 'a')], toolCalls: [callRecord('a', 'EXECUTING')] };
    assert.match((await issuesOf(batch)).join(' '), /call a of fs_read is EXECUTING, but no turn runs/);
    const store = new MemoryStore();
    const log = await store.open(one, 'create');
    await log.commit({ envelopes: [], ...batch, turn: { messageId: userMessage(0).id, startedAt: 1 } });
    assert.deepEqual((await store.checkConsistency('one')).issues, []);
    await log.close();
    assert.equal((await store.checkConsistency('one')).issues.length, 2, 'the turn was cut off');
  });

  it('finds a gap in the events, and one that its explanation does not fit', async () => {
    assert.deepEqual(await issuesOf({ envelopes: [envelopeOf(1), envelopeOf(4)] }), ['The events 2 to 3 are missing.']);
    const advanced = { channel: 'monitor', type: 'seq_advanced', from: 5, to: 65_536 } as const;
    assert.deepEqual(await issuesOf({ envelopes: [envelopeOf(1), envelopeOf(65_536, advanced)] }), [
      'The events 2 to 65535 are missing.',
    ]);
  });

  it('finds events out of their order', async () => {
    const memory = await memoryWith({});
    async function* readEvents(): AsyncIterable<Envelope> {
      yield* [envelopeOf(1), envelopeOf(2), envelopeOf(2), { ...envelopeOf(3), cursor: 9 }];
    }
    const read: SessionStore['read'] = async (agentId) => forwarding(await memory.read(agentId), { readEvents });
    const { issues } = await new NamedStore(withMethods(memory, { read })).checkConsistency('one');
    assert.deepEqual(issues, ['The event 2 comes after event 2.', 'The event 3 has the cursor 9.']);
  });

  it('finds todos and snapshots that cannot be', async () => {
    const todo = { id: '1', title: 'Try it', status: 'in_progress', createdAt: 1, updatedAt: 2 } as const;
    const issues = await issuesOf({
      todos: [todo, todo],
      snapshots: [{ id: 'sfp-9', messageCount: 1, seq: 9, createdAt: 1 }],
    });
    assert.deepEqual(issues, [
      'The snapshot sfp-9 is of event 9, but the last event is 0.',
      '2 todos are in progress; at most one can be.',
      '2 todos have only 1 ids.',
    ]);
  });

  it('finds a list that says something else, and none at all', async () => {
    const memory = await memoryWith({ messages: conversation(3) });
    const [meta] = await memory.summaries();
    const lying = new NamedStore(withMethods(memory, { summaries: async () => [{ ...meta!, messageCount: 7 }] }));
    assert.deepEqual((await lying.checkConsistency('one')).issues, [
      'The list of sessions says 7 messages, but there are 3.',
    ]);
    const forgetful = new NamedStore(withMethods(memory, { summaries: async () => [] }));
    assert.deepEqual((await forgetful.checkConsistency('one')).issues, ['The list of sessions does not have it.']);
  });

  it('says where the damage is, and looks at the rest all the same', async () => {
    const memory = await memoryWith({ envelopes: [envelopeOf(1), envelopeOf(3)], messages: conversation(3) });
    const damaged = new StoreError('damaged', 'Message 1 does not match its sum.', { advice: 'Salvage the session.' });
    const read: SessionStore['read'] = async (agentId) =>
      forwarding(await memory.read(agentId), {
        readMessages: () => Promise.reject(damaged),
        readRecords: () => Promise.reject(damaged),
      });
    const { consistent, issues } = await new NamedStore(withMethods(memory, { read })).checkConsistency('one');
    assert.equal(consistent, false);
    assert.deepEqual(issues, [
      'The messages cannot be read: Message 1 does not match its sum. Salvage the session.',
      'The events 2 to 2 are missing.',
      'The records cannot be read: Message 1 does not match its sum. Salvage the session.',
    ]);
    const shut = new NamedStore(withMethods(memory, { read: () => Promise.reject(damaged) }));
    assert.match((await shut.checkConsistency('one')).issues.join(), /cannot be opened: Message 1/);
  });

  it('fails for what is not there, and for what never holds still', async () => {
    await refusalOf('not_found', new MemoryStore().checkConsistency('nobody'));
    const memory = await memoryWith({});
    let version = 0;
    const read: SessionStore['read'] = async (agentId) =>
      forwarding(await memory.read(agentId), { version: async () => String(version++) });
    await refusalOf('conflict', new NamedStore(withMethods(memory, { read })).checkConsistency('one'));
  });

  it('names at most a hundred issues', async () => {
    const issues = await issuesOf({ envelopes: Array.from({ length: 200 }, (_, index) => envelopeOf(1 + 2 * index)) });
    assert.equal(issues.length, 100);
    assert.match(issues.at(-1)!, /199 issues/);
  });
});

describe('the check of health', () => {
  it('says what is wrong, and never throws', async () => {
    const readOnly = new StoreError('read_only', 'The folder is read-only.', { advice: 'Change its rights.' });
    const store = new NamedStore(withMethods(new MemoryStore(), { writeDocument: () => Promise.reject(readOnly) }));
    const health = await store.healthCheck();
    assert.equal(health.healthy, false);
    assert.deepEqual(health.fileSystem, { writable: false });
    assert.equal(health.database.connected, true);
    assert.deepEqual(health.problems, ['A document could not be written: The folder is read-only. Change its rights.']);
    const forgetful = new NamedStore(withMethods(new MemoryStore(), { readDocument: async () => undefined }));
    assert.equal((await forgetful.healthCheck()).database.connected, false);
  });
});

async function memoryWith(batch: Partial<Batch>): Promise<MemoryStore> {
  const memory = new MemoryStore();
  const log = await memory.open(one, 'create');
  await log.commit({ envelopes: [], ...batch });
  await log.close();
  return memory;
}

async function issuesOf(batch: Partial<Batch>): Promise<readonly string[]> {
  const { consistent, issues } = await (await memoryWith(batch)).checkConsistency('one');
  assert.equal(consistent, issues.length === 0);
  return issues;
}

function withMethods(memory: MemoryStore, methods: Partial<SessionStore>): SessionStore {
  return forwarding<SessionStore>(memory, methods);
}
