import { strict as assert } from 'node:assert';
import { rmSync, truncateSync } from 'node:fs';
import { migrate, sqlMigrations } from '../../../../src/core/store/sqlSchema';
import type { SessionReader } from '../../../../src/core/store/store';
import { batchOf, callOf, collect, recordOf, textMessage } from '../../../support/batches';
import { refusalOf } from '../../../support/refusal';
import { useSqliteSessions } from '../../../support/sqliteSessions';
import { useTempFolder } from '../../../support/tempFolder';

describe('the history in SQLite', () => {
  const folder = useTempFolder();
  const sessions = useSqliteSessions(folder);

  /** A closed session with something in every table. */
  async function closedSession(): Promise<void> {
    const log = await sessions.open('create');
    const snapshots = [{ id: 's', messageCount: 2, seq: 1, createdAt: 1 }];
    const messages = ['a', 'b', 'c'].map(textMessage);
    await log.commit(batchOf(1, { messages, snapshots, stepCount: 3, toolCalls: [callOf('call', 'EXECUTING')] }));
    await log.commit({ envelopes: [], records: [recordOf('r')] });
    await log.commit(batchOf(2, { keepMessages: 2, messages: [textMessage('d')] }));
    await log.close();
  }
  const harm = (sql: string): void => {
    sessions.harm((db) => {
      db.exec(sql);
    });
  };

  for (const [table, place, sql, look] of [
    ['messages', '1', `update messages set body = replace(body, 'b', 'x') where place = 1`, read('readMessages')],
    [
      'messages',
      `${2 ** 32 + 2}`,
      `update messages set body = replace(body, 'd', 'x') where place >= 4294967296`,
      read('readMessages'),
    ],
    ['messages', '1', 'update messages set place = 7 where place = 1', read('readMessages')],
    ['messages', '0', 'delete from messages where place < 9', read('readMessages')],
    ['messages', '0', 'update messages set body = cast(body as blob) where place = 0', read('readMessages')],
    ['events', '2', 'update events set crc = crc + 1 where seq = 2', read('readEvents')],
    ['events', '3', 'update events set seq = 3 where seq = 2', read('readEvents')],
    ['tool_calls', 'call EXECUTING', `update tool_calls set body = '{}'`, read('readToolCalls')],
    ['tool_calls', 'call PENDING', `update tool_calls set state = 'PENDING'`, read('load')],
    ['snapshots', 's', `update snapshots set body = '{}'`, read('readSnapshots')],
    ['kv', 'compaction r 1', `update kv set body = replace(body, 'summary', 'x')`, read('readRecords')],
    ['kv', 'compaction r 2', 'update kv set ts = ts + 1', read('readRecords')],
    ['kv', 'compaction r 1', `update kv set body = '{}'`, read('readRecords')],
    ['meta', 'stepCount', `update meta set v = '9' where k = 'stepCount'`, read('load')],
    ['revisions', '1', 'update revisions set base_rev = 1 where rev = 1', read('readMessages')],
    ['revisions', '0', 'delete from revisions where rev = 0', read('readMessages')],
  ] as const)
    it(`notices what was changed behind its back: ${sql}`, async () => {
      await closedSession();
      harm(sql);
      for (const opening of [sessions.open(), sessions.format().read(folder.path)]) {
        const [session] = await Promise.allSettled([opening]);
        const refusal = await refusalOf('damaged', session.status === 'rejected' ? opening : look(session.value));
        assert.ok(refusal.message.startsWith(`Row ${place} of the table ${table} `), refusal.message);
        if (session.status === 'fulfilled') await session.value.close();
      }
    });

  it('reads the good messages of a conversation with a bad one', async () => {
    await closedSession();
    harm(`update messages set body = '{}' where place = 1`);
    const log = await sessions.open();
    assert.equal((await log.readMessages({ from: 2 }))[0]?.id, 'd');
    assert.equal((await collect(log.readEvents())).length, 2);
    await log.close();
  });

  it('refuses a file that is missing or empty, or has no session in it', async () => {
    await refusalOf('damaged', sessions.open());
    await refusalOf('damaged', sessions.format().read(folder.path));
    await closedSession();
    truncateSync(sessions.file(), 0);
    await refusalOf('damaged', sessions.open());
    await refusalOf('damaged', sessions.format().read(folder.path));
    rmSync(sessions.file());
    sessions.engine().open(sessions.file(), 'create').close();
    await refusalOf('damaged', sessions.open());
  });

  it('leaves a session of a newer version alone', async () => {
    await closedSession();
    harm('pragma user_version = 99');
    await refusalOf('newer_version', sessions.open());
    await refusalOf('newer_version', sessions.format().read(folder.path));
    await refusalOf('newer_version', sessions.format().salvage(folder.path));
  });

  it('upgrades a session of an older version without losing anything', async () => {
    await closedSession();
    const before = await read('readMessages')(await keepOpen());
    const more = [...sqlMigrations, `alter table messages add column note text; update messages set note = 'upgraded'`];
    const notes = sessions.harm((db) => {
      migrate(db, 'the session', more);
      migrate(db, 'the session', more);
      return db.query('select distinct note from messages union all select user_version from pragma_user_version');
    });
    assert.deepEqual(notes, [['upgraded'], [2]]);
    harm('pragma user_version = 1');
    assert.deepEqual(await read('readMessages')(await keepOpen()), before);
  });

  it('does all of an upgrade step or nothing of it', async () => {
    await closedSession();
    const failing = [...sqlMigrations, 'create table more(x)', 'create table again(x); create table again(x)'];
    sessions.harm((db) => {
      assert.throws(() => {
        migrate(db, 'the session', failing);
      });
      assert.deepEqual(db.query('pragma user_version'), [[2]]);
      assert.deepEqual(db.query(`select name from sqlite_schema where name in ('more', 'again')`), [['more']]);
    });
  });

  it('adds a rewind without copying: each message is stored once', async () => {
    const log = await sessions.open('create');
    await log.commit(batchOf(1, { messages: Array.from({ length: 100 }, (_, index) => textMessage(`m${index}`)) }));
    for (let seq = 2; seq < 50; seq++)
      await log.commit(batchOf(seq, { keepMessages: 90, messages: [textMessage(`again ${seq}`)] }));
    assert.equal((await log.readMessages()).length, 91);
    await log.close();
    const count = sessions.harm((db) => db.query('select count(*) from messages')[0]?.[0]);
    assert.equal(count, 148);
  });

  /** The reopened session, closed after the test. */
  const toClose: SessionReader[] = [];
  async function keepOpen(): Promise<SessionReader> {
    for (const one of toClose.splice(0)) await one.close();
    const log = await sessions.format().read(folder.path);
    toClose.push(log);
    return log;
  }
});

/** One way to read a session to its end. */
function read(
  what: 'load' | 'readMessages' | 'readEvents' | 'readToolCalls' | 'readSnapshots' | 'readRecords',
): (session: SessionReader) => Promise<unknown> {
  return async (session) => {
    if (what === 'readEvents') return collect(session.readEvents());
    return what === 'readRecords' ? session.readRecords('compaction') : session[what]();
  };
}
