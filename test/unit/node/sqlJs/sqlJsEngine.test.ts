import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import type { SqlEngine } from '../../../../src/core/store/sqlDatabase';
import { loadSqlJs } from '../../../../src/node/sqlJs/loadSqlJs';
import { useTempFolder } from '../../../support/tempFolder';

describe('The SQL engine', () => {
  const folder = useTempFolder();
  let engine: SqlEngine;
  let file: string;
  beforeEach(async () => {
    engine = await loadSqlJs(folder.path);
    file = path.join(folder.path, 'session.db');
  });

  it('keeps what was committed and acknowledged, in a real file', async () => {
    const db = engine.open(file, 'create');
    db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT, raw BLOB)');
    const insert = db.prepare('INSERT INTO t VALUES(?, ?, ?)');
    insert.run([1, 'one', new Uint8Array([1, 2, 3])]);
    insert.run([1_760_000_000_000, null, null]);
    await db.sync();
    assert.ok(db.walBytes > 0);
    assert.equal(db.walBytes, statSync(`${file}-wal`).size);
    db.close();
    assert.equal(readFileSync(file).toString('latin1', 0, 15), 'SQLite format 3');
    assert.deepEqual(readdirSync(folder.path), ['session.db']);

    const again = engine.open(file, 'existing');
    assert.deepEqual(again.query('SELECT * FROM t ORDER BY id'), [
      [1, 'one', new Uint8Array([1, 2, 3])],
      [1_760_000_000_000, null, null],
    ]);
    const statement = again.prepare('SELECT body FROM t WHERE id >= ? ORDER BY id');
    assert.deepEqual(statement.get([1]), ['one']);
    assert.deepEqual(statement.all([1]), [['one'], [null]]);
    assert.equal(statement.get([2_000_000_000_000]), undefined);
    again.close();
    assert.ok(!existsSync(`${file}-wal`));
  });
});
