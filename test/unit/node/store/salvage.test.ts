import { strict as assert } from 'node:assert';
import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Salvaged } from '../../../../src/core/store/salvage';
import type { SessionFormat } from '../../../../src/node/sessionFormat';
import { jsonFileName, jsonFormat } from '../../../../src/node/store/jsonLog';
import { addSpending, noUsage } from '../../../../src/core/protocol/usage';
import { batchOf, callOf, everythingOf, recordOf, textMessage } from '../../../support/batches';
import { useSqliteSessions } from '../../../support/sqliteSessions';
import { useTempFolder } from '../../../support/tempFolder';

type Everything = Awaited<ReturnType<typeof everythingOf>>;

describe('salvage', () => {
  const folder = useTempFolder();
  const sqlite = useSqliteSessions(folder);
  const formats = { json: () => jsonFormat(), sqlite: () => sqlite.format() };
  const free = { checkLease: () => undefined };
  const jsonFile = (): string => path.join(folder.path, jsonFileName);
  const countOf = ({ report: { messages, events, toolCalls } }: Salvaged): readonly number[] => [
    messages,
    events,
    toolCalls,
  ];

  /** A history of 300 commits with a rewind in it; closed. */
  async function longSession(format: SessionFormat): Promise<Everything> {
    const log = await format.open(folder.path, 'create', free);
    const spending = addSpending([], { vendor: 'v', model: 'm' }, { ...noUsage, cost: 0.5 });
    const compaction = recordOf('z', 'compaction', { messageCount: 100 });
    const media = Array.from({ length: 29 }, (_none, index) => recordOf(`file ${(index * 7) % 29}`, 'media'));
    const records = [compaction, ...media];
    await log.commit(batchOf(1, { stepCount: 4, todos: [], snapshots: [snapshot(2)], spending, records }));
    for (let seq = 2; seq <= 300; seq++) {
      const toolCalls = seq % 10 === 0 ? [callOf(`call ${seq}`, 'COMPLETED')] : [];
      const keepMessages = seq === 100 ? { keepMessages: 50 } : {};
      await log.commit(batchOf(seq, { messages: [textMessage(`message ${seq}`)], toolCalls, ...keepMessages }));
    }
    const before = await everythingOf(log);
    await log.close();
    return before;
  }

  /** The salvaged batches as a session of their own. */
  async function rewritten(format: SessionFormat, { batches }: Salvaged): Promise<Everything> {
    const part = path.join(folder.path, 'salvaged');
    mkdirSync(part);
    const log = await format.open(part, 'create', free);
    for (const batch of batches) await log.commit(batch);
    const after = await everythingOf(log);
    await log.close();
    return after;
  }

  for (const [name, format] of Object.entries(formats)) {
    it(`brings back all of a session in ${name} that is not damaged`, async () => {
      const before = await longSession(format());
      const salvaged = await format().salvage(folder.path);
      assert.deepEqual(salvaged.report, { messages: 251, events: 300, toolCalls: 30, lost: [] });
      assert.deepEqual(await rewritten(format(), salvaged), before);
    });

    it(`brings back nothing from a session in ${name} that was never written`, async () => {
      await (await format().open(folder.path, 'create', free)).close();
      const salvaged = await format().salvage(folder.path);
      assert.deepEqual(salvaged.report, { messages: 0, events: 0, toolCalls: 0, lost: [] });
    });
  }

  it('leaves out the one line in JSON that is bad, and says which', async () => {
    await longSession(jsonFormat());
    const lines = readFileSync(jsonFile(), 'utf8').split('\n');
    lines[120] = (lines[120] ?? '').replace('message 120', 'message 121');
    writeFileSync(jsonFile(), lines.join('\n'));
    const salvaged = await jsonFormat().salvage(folder.path);
    assert.deepEqual(countOf(salvaged), [250, 299, 29]);
    const [line, message] = salvaged.report.lost;
    assert.match(line ?? '', /^line 121 \(\d+ bytes\): changed or cut off$/);
    assert.equal(message, 'of the conversation: message 71');
    const { messages, records } = await rewritten(jsonFormat(), salvaged);
    assert.deepEqual(records[0]?.body, { messageCount: 99 }, 'it stands for one message less');
    assert.deepEqual(
      messages.slice(69, 71).map(({ id }) => id),
      ['message 119', 'message 121'],
    );
  });

  it('goes back where a rewind stood that is in a lost line', async () => {
    const before = await longSession(jsonFormat());
    const lines = readFileSync(jsonFile(), 'utf8').split('\n');
    lines[100] = '';
    writeFileSync(jsonFile(), lines.join('\n'));
    const { messages } = await rewritten(jsonFormat(), await jsonFormat().salvage(folder.path));
    assert.deepEqual(
      messages,
      before.messages.filter(({ id }) => id !== 'message 100'),
    );
  });

  it('leaves out the rows in SQLite that are bad, and says which', async () => {
    await longSession(sqlite.format());
    sqlite.harm((db) => {
      db.exec(`update messages set body = '{}' where id = 'message 120'; update events set crc = 0 where seq = 9`);
      db.exec(`update kv set body = replace(body, 'z', 'q') where id = 'z' and kind = 'compaction'`);
      db.exec(`delete from revisions where rev = 1; update meta set v = '5' where k = 'stepCount'`);
    });
    const salvaged = await sqlite.format().salvage(folder.path);
    assert.deepEqual(countOf(salvaged), [250, 299, 30]);
    assert.deepEqual(salvaged.report.lost, [
      'meta stepCount: changed or unreadable',
      `messages ${2 ** 32 + 70}: changed`,
      'revisions 1: gone; the conversation before it is guessed',
      'events 9: changed',
      'kv compaction z: changed',
      'of the conversation: message 71',
    ]);
  });

  for (const [what, bytes] of [
    ['the header', 100],
    ['the first page', 512],
  ] as const)
    it(`brings back everything in SQLite when ${what} is smashed`, async () => {
      const before = await longSession(sqlite.format());
      const whole = readFileSync(sqlite.file());
      for (const smashed of [Buffer.alloc(bytes), Buffer.alloc(bytes, 0xa5)]) {
        writeFileSync(sqlite.file(), Buffer.concat([smashed, whole.subarray(bytes)]));
        const salvaged = await sqlite.format().salvage(folder.path);
        assert.deepEqual(countOf(salvaged), [251, 300, 30]);
        assert.match(salvaged.report.lost.join(), /^the first pages, made anew \(/);
        if (smashed[0] === 0) assert.deepEqual(await rewritten(sqlite.format(), salvaged), before);
        assert.equal(readFileSync(sqlite.file()).compare(smashed, 0, bytes, 0, bytes), 0, 'the file is left as it is');
      }
    });

  it('gives only what is true, and most of it, wherever a page in SQLite is smashed', async () => {
    const before = await longSession(sqlite.format());
    const whole = readFileSync(sqlite.file());
    const known = new Set(Object.values(before).flatMap((items) => (Array.isArray(items) ? items.map(textOf) : [])));
    const pageBytes = whole.readUInt16BE(16);
    const pages = whole.length / pageBytes;
    const recordCounts = new Set<number>();
    for (let page = 1; page < pages; page += page < 30 ? 1 : Math.floor(pages / 30)) {
      const smashed = Buffer.from(whole).fill(0xa5, page * pageBytes, (page + 1) * pageBytes);
      writeFileSync(sqlite.file(), smashed);
      const { batches, report } = await sqlite.format().salvage(folder.path);
      const given = batches.flatMap(({ envelopes, messages = [], toolCalls = [], records = [] }) => [
        ...[...envelopes, ...messages, ...toolCalls].map(textOf),
        ...records.filter(({ kind }) => kind === 'media').map(textOf),
      ]);
      assert.deepEqual(
        given.filter((text) => !known.has(text)),
        [],
      );
      const recordCount = batches.flatMap(({ records = [] }) => records).length;
      recordCounts.add(recordCount);
      const isAll = report.messages + report.events + report.toolCalls + recordCount === 251 + 300 + 30 + 30;
      assert.ok(isAll || report.lost.length > 0, `page ${page}: ${JSON.stringify(report)}`);
      assert.ok(given.length > 150, `page ${page}: ${JSON.stringify(report)}`);
    }
    assert.ok(
      Math.max(...[...recordCounts].filter((count) => count < 30)) > 15,
      `records: ${[...recordCounts].join()}`,
    );
  });

  it('finds in the log of SQLite what a smashed database has lost', async () => {
    const part = path.join(folder.path, 'living');
    mkdirSync(part);
    const log = await sqlite.format().open(part, 'create', free);
    for (let seq = 1; seq <= 20; seq++) await log.commit(batchOf(seq, { messages: [textMessage(`message ${seq}`)] }));
    await log.barrier();
    for (const side of ['', '-wal']) copyFileSync(path.join(part, `session.db${side}`), `${sqlite.file()}${side}`);
    await log.close();
    truncateSync(sqlite.file(), 0);
    const salvaged = await sqlite.format().salvage(folder.path);
    assert.deepEqual(countOf(salvaged), [20, 20, 0]);
  });
});

function snapshot(messageCount: number) {
  return { id: 's', messageCount, seq: 1, createdAt: 1 };
}

const textOf = (value: unknown): string => JSON.stringify(value);
