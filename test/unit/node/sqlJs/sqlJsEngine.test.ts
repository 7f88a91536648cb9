import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { SqlDatabase, SqlEngine } from '../../../../src/core/store/sqlDatabase';
import { type FileCalls, nodeFileCalls } from '../../../../src/node/sqlJs/fileCalls';
import { loadSqlJs } from '../../../../src/node/sqlJs/loadSqlJs';
import { useTempFolder } from '../../../support/tempFolder';
import { watched } from '../../../support/watchedCalls';

describe('The SQL engine', () => {
  const folder = useTempFolder();
  let engine: SqlEngine;
  let file: string;
  beforeEach(async () => {
    engine = await loadSqlJs(folder.path);
    file = path.join(folder.path, 'session.db');
  });

  function withTable(name = file): SqlDatabase {
    const db = engine.open(name, 'create');
    db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, body)');
    return db;
  }

  it('keeps what was committed and acknowledged, in a real file', async () => {
    const db = withTable();
    const insert = db.prepare('INSERT INTO t VALUES(?, ?)');
    insert.run([1, 'one']);
    insert.run([1_760_000_000_000, new Uint8Array([1, 2, 3])]);
    insert.run([1_760_000_000_001, null]);
    await db.sync();
    assert.equal(db.walBytes, statSync(`${file}-wal`).size);
    db.close();
    assert.equal(readFileSync(file).toString('latin1', 0, 15), 'SQLite format 3');
    assert.deepEqual(readdirSync(folder.path), ['session.db']);
    const again = engine.open(file, 'existing');
    assert.deepEqual(again.query('SELECT * FROM t ORDER BY id'), [
      [1, 'one'],
      [1_760_000_000_000, new Uint8Array([1, 2, 3])],
      [1_760_000_000_001, null],
    ]);
    again.close();
  });

  it('answers prepared statements as often as they are asked', () => {
    const db = withTable();
    const insert = db.prepare('INSERT INTO t VALUES(?, ?)');
    for (const id of [1, 2, 3]) insert.run([id, `b${id}`]);
    const select = db.prepare('SELECT body FROM t WHERE id >= ? ORDER BY id');
    assert.deepEqual(select.get([2]), ['b2']);
    assert.deepEqual(select.all([2]), [['b2'], ['b3']]);
    assert.equal(select.get([4]), undefined);
    assert.deepEqual(select.all([4]), []);
    assert.throws(() => insert.run([1, 'again']), /UNIQUE constraint failed/);
    insert.run([4, 'b4']);
    assert.deepEqual(select.get([4]), ['b4']);
    select.free();
    db.close();
  });

  it('takes any path: umlauts, spaces, quotes, percent signs', () => {
    const odd = path.join(folder.path, `Grüße an 'Zoë' "100%" 会話`);
    mkdirSync(odd);
    const name = path.join(odd, 'session & co.db');
    const db = withTable(name);
    db.exec('INSERT INTO t VALUES(1, 2)');
    assert.deepEqual(readdirSync(odd), ['session & co.db', 'session & co.db-wal']);
    db.close();
    const again = engine.open(name, 'existing');
    assert.deepEqual(again.query('SELECT * FROM t'), [[1, 2]]);
    again.close();
  });

  it('makes files that are for their owner only', function () {
    if (process.platform === 'win32') return this.skip();
    const db = withTable();
    for (const name of [file, `${file}-wal`]) assert.equal(statSync(name).mode & 0o777, 0o600);
    db.close();
  });

  it('writes ahead, checks foreign keys and takes over the log only when told', () => {
    const db = withTable();
    const asked = ['locking_mode', 'journal_mode', 'synchronous', 'foreign_keys', 'wal_autocheckpoint'];
    const answers = asked.map((name) => db.query(`PRAGMA ${name}`)[0]?.[0]);
    assert.deepEqual(answers, ['exclusive', 'wal', 1, 1, 0]);
    db.close();
  });

  it('refuses a missing and an empty file where there should be a database', () => {
    assert.throws(() => engine.open(file, 'existing'), { code: 'damaged' });
    assert.ok(!existsSync(file));
    writeFileSync(file, '');
    assert.throws(() => engine.open(file, 'existing'), { code: 'damaged', message: /session\.db/ });
    engine.open(file, 'create').close();
    engine.open(file, 'existing').close();
  });

  it('says what is wrong with a file that is no database, and leaves it as it is', () => {
    const text = 'dear diary, '.repeat(100);
    writeFileSync(file, text);
    assert.throws(() => engine.open(file, 'create'), { code: 'damaged', message: /not a database/ });
    assert.equal(readFileSync(file, 'utf8'), text);
  });

  it('says so when a folder is missing', () => {
    assert.throws(() => engine.open(path.join(folder.path, 'none', 'x.db'), 'create'), {
      code: 'io',
      message: /ENOENT/,
    });
  });

  it('opens a file only once for writing, under whatever name, and again after closing', () => {
    const db = withTable();
    assert.throws(() => engine.open(file, 'existing'), { code: 'conflict' });
    assert.throws(() => engine.open(`${folder.path}/./session.db`, 'create'), { code: 'conflict' });
    db.close();
    engine.open(file, 'existing').close();
  });

  it('keeps many databases apart', () => {
    const files = Array.from({ length: 20 }, (_none, index) => path.join(folder.path, `${index}.db`));
    const all = files.map((name) => withTable(name));
    all.forEach((db, index) => db.exec(`INSERT INTO t VALUES(${index}, 'x')`));
    all.forEach((db, index) => assert.deepEqual(db.query('SELECT id FROM t'), [[index]]));
    for (const db of all) db.close();
    assert.deepEqual(readdirSync(folder.path).length, 20);
  });

  it('keeps what stands in a log that an earlier process left', async () => {
    const db = withTable();
    db.exec("INSERT INTO t VALUES(1, 'left')");
    await db.sync();
    const copy = path.join(folder.path, 'copy.db');
    writeFileSync(copy, readFileSync(file));
    writeFileSync(`${copy}-wal`, readFileSync(`${file}-wal`));
    db.close();
    const again = engine.open(copy, 'existing');
    assert.equal(again.walBytes, 0, 'it was taken over at once');
    assert.deepEqual(again.query('SELECT * FROM t'), [[1, 'left']]);
    again.close();
  });

  it('takes over a log that has grown large, but not in the middle of a transaction', () => {
    const db = withTable();
    const body = 'x'.repeat(100_000);
    const insert = db.prepare('INSERT INTO t(body) VALUES(?)');
    let largest = 0;
    for (let count = 0; count < 50; count++) {
      insert.run([body]);
      largest = Math.max(largest, db.walBytes);
    }
    assert.ok(largest > 1_000_000 && largest < 4_000 * 700, `grew to ${largest}`);
    db.exec('BEGIN');
    for (let count = 0; count < 50; count++) insert.run([body]);
    db.exec('COMMIT');
    assert.deepEqual(db.query('SELECT count(*), sum(length(body)) FROM t'), [[100, 10_000_000]]);
    assert.equal(db.walBytes, 0);
    db.close();
  });

  it('stays right while its memory grows in the middle of reading and writing', () => {
    const db = withTable();
    const large = new Uint8Array(16_000_000).map((_none, index) => index % 251);
    db.prepare('INSERT INTO t VALUES(1, ?)').run([large]);
    db.close();
    const again = engine.open(file, 'existing');
    assert.ok(Buffer.from(large).equals(Buffer.from(again.query('SELECT body FROM t')[0]?.[0] as Uint8Array)));
    again.close();
  }).timeout(20_000);

  it('answers a closed database with a typed error, and closing twice is fine', async () => {
    const db = withTable();
    const statement = db.prepare('SELECT 1');
    db.close();
    db.close();
    statement.free();
    for (const use of [
      () => db.exec('SELECT 1'),
      () => db.query('SELECT 1'),
      () => db.prepare('SELECT 1'),
      () => statement.all(),
    ])
      assert.throws(use, { code: 'closed', message: /session\.db/ });
    await assert.rejects(db.sync(), { code: 'closed' });
  });

  it('gives a fault in our own SQL as what it is, with the statement', () => {
    const db = withTable();
    assert.throws(() => db.exec('SELECT a FROM nowhere'), /"SELECT a FROM nowhere": no such table/);
    db.exec('INSERT INTO t VALUES(1, 1)');
    db.close();
  });

  it('removes only files beside the database, never the database', async () => {
    const removed: unknown[] = [];
    const calls = watched(nodeFileCalls, (name, target) => {
      if (name === 'unlinkSync') removed.push(path.basename(String(target)));
    });
    engine = await loadSqlJs(folder.path, { calls });
    removed.length = 0;
    withTable().close();
    assert.deepEqual(removed, ['session.db-journal', 'session.db-wal']);
  });

  it('goes on where the system wrote or read only a part', async () => {
    const calls: FileCalls = {
      ...nodeFileCalls,
      writeSync: (fd, buffer, offset, length, position) =>
        nodeFileCalls.writeSync(fd, buffer, offset, Math.min(length, 100), position),
      readSync: (fd, buffer, offset, length, position) =>
        nodeFileCalls.readSync(fd, buffer, offset, Math.min(length, 70), position),
    };
    engine = await loadSqlJs(folder.path, { calls });
    const db = withTable();
    const body = 'abc'.repeat(5_000);
    db.prepare('INSERT INTO t VALUES(1, ?)').run([body]);
    db.close();
    const again = engine.open(file, 'existing');
    assert.deepEqual(again.query('SELECT body FROM t'), [[body]]);
    again.close();
  });

  it('takes a system that writes nothing for a failure and does not wait for ever', async () => {
    let isStuck = false;
    const calls = { ...nodeFileCalls, writeSync: watchedWrite };
    function watchedWrite(...args: Parameters<FileCalls['writeSync']>): number {
      return isStuck ? 0 : nodeFileCalls.writeSync(...args);
    }
    engine = await loadSqlJs(folder.path, { calls });
    const db = withTable();
    isStuck = true;
    assert.throws(() => db.exec('INSERT INTO t VALUES(1, 1)'), { code: 'io', message: /Nothing could be written/ });
    isStuck = false;
    db.close();
  });

  it('opens nothing on the disk but the database and the files beside it', async () => {
    const opened = new Set<string>();
    const calls = watched(nodeFileCalls, (name, target) => {
      if (name === 'openSync') opened.add(path.basename(String(target)));
    });
    engine = await loadSqlJs(folder.path, { calls });
    opened.clear();
    const db = withTable();
    db.exec(
      'PRAGMA temp_store=FILE; PRAGMA cache_size=10; CREATE TEMP TABLE large AS SELECT randomblob(500000) AS body',
    );
    db.query(
      'SELECT count(*) FROM (SELECT randomblob(1000) AS body FROM large UNION SELECT body FROM large ORDER BY 1)',
    );
    db.close();
    assert.deepEqual([...opened].sort(), ['session.db', 'session.db-journal', 'session.db-wal']);
  });

  it('lets the files of a database go when opening it fails', async () => {
    const open = new Set<number>();
    const calls: FileCalls = {
      ...nodeFileCalls,
      openSync: (name, flags) => {
        const fd = nodeFileCalls.openSync(name, flags);
        open.add(fd);
        return fd;
      },
      closeSync: (fd) => {
        open.delete(fd);
        nodeFileCalls.closeSync(fd);
      },
    };
    engine = await loadSqlJs(folder.path, { calls });
    writeFileSync(file, 'no database '.repeat(1_000));
    assert.throws(() => engine.open(file, 'existing'), { code: 'damaged' });
    writeFileSync(file, '');
    assert.throws(() => engine.open(file, 'existing'), { code: 'damaged' });
    assert.throws(() => engine.readSnapshot(path.join(folder.path, 'none'), () => 1), { code: 'damaged' });
    engine.open(file, 'create').close();
    engine.readSnapshot(file, (db) => db.query('SELECT 1'));
    assert.deepEqual([...open], []);
  });
});
