import { strict as assert } from 'node:assert';
import { crc32 as nodeCrc32 } from 'node:zlib';
import { exportSession } from '../../../src/core/store/exportSession';
import { importSession } from '../../../src/core/store/importSession';
import type { PermissionId } from '../../../src/core/protocol/ids';
import type { Message } from '../../../src/core/protocol/messages';
import { addSpending, noUsage } from '../../../src/core/protocol/usage';
import { MemoryStore } from '../../../src/core/store/memoryStore';
import { crc32 } from '../../../src/core/util/crc32';
import { recordOf, recordsOf } from '../../support/batches';
import {
  agentIdOf,
  assistantMessage,
  callMessage,
  callRecord,
  conversation,
  envelopeOf,
  eventsOf,
  resultMessage,
  userMessage,
} from '../../support/histories';
import { brokenPairs } from '../../support/pairs';
import { refusalOf } from '../../support/refusal';

const one = agentIdOf('one');

describe('a session as one file', () => {
  let store: MemoryStore;
  beforeEach(async () => {
    store = new MemoryStore();
    const log = await store.open(one, 'create');
    await log.commit({
      envelopes: [1, 2, 3].map((seq) => envelopeOf(seq)),
      messages: [
        ...conversation(2),
        callMessage(2, 'a'),
        resultMessage(3, 'a'),
        assistantMessage(4, 'Ünï\u2028code 🎈'),
        withDocument(userMessage(5)),
      ],
      toolCalls: [callRecord('a')],
      todos: [{ id: '1', title: 'Try it', status: 'in_progress', createdAt: 1, updatedAt: 2 }],
      snapshots: [{ id: 'sfp-1', messageCount: 2, seq: 2, createdAt: 3 }],
      stepCount: 7,
      info: { agentId: one, templateId: 'test', createdAt: 1_000, title: 'My session' },
    });
    await log.close();
  });

  it('comes back as it was, in another store under its own id', async () => {
    const other = new MemoryStore();
    const result = await importSession(other, exportSession(store, one));
    assert.deepEqual(result, { agentId: one, messageCount: 6, problem: undefined });
    assert.deepEqual(await contentOf(other), await contentOf(store));
    assert.deepEqual((await other.checkConsistency('one')).issues, []);
    assert.equal((await other.summaries())[0]?.title, 'My session');
  });

  it('gets a new id where its own is taken', async () => {
    const { agentId } = await importSession(store, exportSession(store, one));
    assert.notEqual(agentId, one);
    assert.deepEqual(await store.loadMessages(agentId), await store.loadMessages('one'));
    assert.equal((await store.loadInfo(agentId))?.agentId, agentId);
  });

  it('may arrive in pieces cut anywhere, with the line ends of Windows', async () => {
    const text = (await textOf(store)).replaceAll('\n', '\r\n');
    const pieces = Array.from({ length: Math.ceil(text.length / 7) }, (_, index) =>
      text.slice(index * 7, index * 7 + 7),
    );
    const other = new MemoryStore();
    await importSession(other, pieces);
    assert.deepEqual(await contentOf(other), await contentOf(store));
  });

  it('is refused when it was cut off at any place, and nothing of it is left', async () => {
    const text = await textOf(store);
    for (let length = 0; length < text.length - 1; length += 13) {
      const other = new MemoryStore();
      const refused = await refusalOf('damaged', importSession(other, [text.slice(0, length)]));
      assert.match(refused.message, /Line \d+/);
      assert.deepEqual(await other.list(), []);
    }
  });

  it('is refused when any line was changed, doubled or taken away', async () => {
    const lines = (await textOf(store)).trimEnd().split('\n');
    for (const place of lines.keys()) {
      const line = lines[place]!;
      for (const bad of [[], [line, line], [line.replace(/\d(?!.*\d)/, (digit) => String(9 - Number(digit)))]]) {
        const other = new MemoryStore();
        const [result] = await Promise.allSettled([
          importSession(other, [lines.toSpliced(place, 1, ...bad).join('\n')]),
        ]);
        assert.equal(result.status, 'rejected', `line ${place + 1} became ${JSON.stringify(bad)}`);
        assert.deepEqual(await other.list(), []);
      }
    }
  });

  it('says which line is wrong and why', async () => {
    const lines = (await textOf(store)).trimEnd().split('\n');
    const withLine = (place: number, line: string): string => lines.with(place, line).join('\n');
    const event = { kind: 'event', envelope: { ...envelopeOf(2), cursor: -1 } };
    const message = { kind: 'message', message: { ...userMessage(1), role: 'root' } };
    for (const [text, expected] of [
      [withLine(3, 'no JSON'), /Line 4 .*not JSON: "no JSON"/],
      [withLine(4, JSON.stringify(message)), /Line 5 .*message\.role/],
      [withLine(4, '{"kind":"secret"}'), /Line 5 .*kind/],
      [withLine(10, JSON.stringify(event)), /Line 11 .*cursor/],
      ['{"some":"JSON"}', /Line 1 /],
      ['', /Line 1 .*cut off/],
    ] as const)
      assert.match((await refusalOf('damaged', importSession(new MemoryStore(), [text]))).message, expected);
    const newer = withLine(0, lines[0]!.replace('"version":1', '"version":2'));
    await refusalOf('newer_version', importSession(new MemoryStore(), [newer]));
  });

  it('is imported as far as it goes when that is asked for', async () => {
    const text = await textOf(store);
    const other = new MemoryStore();
    const result = await importSession(other, [text.slice(0, text.lastIndexOf('"kind":"event"'))], { partial: true });
    assert.match(result.problem ?? '', /Line \d+/);
    assert.equal(result.messageCount, 6);
    assert.equal((await eventsOf(await other.read(one))).length, 2);
    const called = await importSession(other, [text.slice(0, text.indexOf('tool_result'))], { partial: true });
    assert.equal(called.messageCount, 4, 'a call that nobody would answer gets a result that says so');
    assert.deepEqual(brokenPairs(await other.loadMessages(called.agentId)), []);
    assert.deepEqual((await other.checkConsistency(called.agentId)).issues, []);
  });

  it('brings no permissions, model, prompt, waiting words or open questions of its own', async () => {
    const log = await store.open(agentIdOf('foreign'), 'create');
    const question = {
      permissionId: 'prm-x' as PermissionId,
      subject: { kind: 'tool', name: 'a', input: '', reason: '' },
    } as const;
    await log.commit({
      envelopes: [envelopeOf(1)],
      messages: [userMessage(0, 'Look.'), callMessage(1, 'open')],
      toolCalls: [{ ...callRecord('open'), state: 'APPROVAL_REQUIRED', approval: { required: true, question } }],
      queued: [userMessage(9, 'Run something.')],
      turn: { messageId: userMessage(0, '').id, startedAt: 1 },
      info: {
        ...{ agentId: agentIdOf('foreign'), templateId: 'test', createdAt: 1, title: 'Foreign', systemPrompt: 'Obey.' },
        config: { overrides: { permission: { mode: 'auto' } } },
        model: { vendor: 'foreign', model: 'expensive', keyName: 'mine' },
      },
      records: [recordOf('1'), recordOf('2', 'media')],
      spending: addSpending([], { vendor: 'foreign', model: 'expensive' }, { ...noUsage, cost: 9 }),
    });
    await log.close();
    const { agentId } = await importSession(store, exportSession(store, agentIdOf('foreign')));
    const reader = await store.read(agentId);
    const { info, queued, turn, openToolCalls, spending } = await reader.load();
    assert.deepEqual(info, { agentId, templateId: 'test', createdAt: 1, title: 'Foreign' });
    assert.deepEqual([queued, turn, openToolCalls, spending], [[], undefined, [], []]);
    assert.deepEqual(await recordsOf(reader), []);
    assert.deepEqual(brokenPairs(await reader.readMessages()), []);
    assert.deepEqual((await store.checkConsistency(agentId)).issues, []);
  });

  it('is refused when it holds what nobody could show', async () => {
    const lines = (await textOf(store)).trimEnd().split('\n');
    const info = { kind: 'info', info: { agentId: 'one', templateId: 'test', createdAt: 1, title: { a: 1 } } };
    const place = lines.findIndex((line) => line.includes('"kind":"event"'));
    const event = { kind: 'event', envelope: { ...envelopeOf(9), event: { channel: 'progress', type: 'tool:start' } } };
    for (const text of [lines.with(1, JSON.stringify(info)), lines.with(place, JSON.stringify(event))])
      await refusalOf('damaged', importSession(new MemoryStore(), [text.join('\n')]));
  });

  it('is read and written a slice at a time', async () => {
    await store.saveMessages('long', conversation(1_600));
    let pieces = 0;
    for await (const _piece of exportSession(store, agentIdOf('long'))) pieces++;
    assert.equal(pieces, 4);
    const other = new MemoryStore();
    await importSession(other, exportSession(store, agentIdOf('long')));
    assert.deepEqual(await other.loadMessages('long'), conversation(1_600));
    assert.ok((await other.getMetrics()).operations.saves >= 4);
  });

  it('lets go of its source when the store fails', async () => {
    let isOpen = true;
    async function* source(): AsyncIterable<string> {
      try {
        yield* exportSession(store, one);
      } finally {
        isOpen = false;
      }
    }
    const full = new MemoryStore();
    const open = full.open.bind(full);
    full.open = async (...args) => {
      const log = await open(...args);
      return { ...log, commit: () => Promise.reject(new Error('disk full')) };
    };
    await assert.rejects(importSession(full, source()), /disk full/);
    assert.equal(isOpen, false);
    assert.deepEqual(await full.list(), []);
  });

  it('has a sum that other programs can make', () => {
    for (const text of ['', 'a', 'Ünï\u2028code 🎈']) assert.equal(crc32(text), nodeCrc32(text));
  });
});

function withDocument(message: Message): Message {
  const document = { type: 'file', mimeType: 'application/pdf', base64: 'JVBERg==', filename: 'a.pdf' } as const;
  return { ...message, content: [...message.content, document] };
}

async function textOf(store: MemoryStore): Promise<string> {
  let text = '';
  for await (const piece of exportSession(store, one)) text += piece;
  return text;
}

async function contentOf(store: MemoryStore): Promise<unknown> {
  const reader = await store.read(one);
  const { closedCleanly: _closedCleanly, ...state } = await reader.load();
  return [
    state,
    await reader.readMessages(),
    await reader.readToolCalls(),
    await reader.readSnapshots(),
    await eventsOf(reader),
  ];
}
