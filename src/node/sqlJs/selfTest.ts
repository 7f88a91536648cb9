import { constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import * as path from 'node:path';
import type { SqlDatabase, SqlEngine } from '../../core/store/sqlDatabase';
import { type FileCalls, readFully } from './fileCalls';
import { fileError } from './sqlJsErrors';

const fileHeader = 'SQLite format 3\0';
const text = 'written by the self-test';

/**
 * Proves that databases truly are on the disk: writes one in a new folder inside of `folder`, looks at the bytes of its
 * files beside SQLite, and opens it again. @throws StoreError, or an Error that says which step was wrong
 */
export async function selfTest(engine: SqlEngine, folder: string, calls: FileCalls): Promise<void> {
  const place = await mkdtemp(path.join(folder, 'self-test-')).catch((error: unknown) => {
    throw fileError(error, folder);
  });
  try {
    const file = path.join(place, 'test.db');
    await working(engine.open(file, 'create'), async (database) => {
      database.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT)');
      database.prepare('INSERT INTO t VALUES(?, ?)').run([1, text]);
      await database.sync();
      expect(holds(calls, `${file}-wal`, text), 'what was committed is not in the log on the disk');
    });
    expect(holds(calls, file, fileHeader), 'the file is not a database');
    expect(holds(calls, file, text), 'what was written is not in the file after closing');
    await working(engine.open(file, 'existing'), (database) => {
      const [row] = database.query('SELECT id, body FROM t');
      expect(row?.[0] === 1 && row[1] === text, 'what was written is not read again');
    });
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

function expect(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Error(`the self-test failed, ${otherwise}.`);
}

async function working(database: SqlDatabase, work: (database: SqlDatabase) => Promise<void> | void): Promise<void> {
  try {
    await work(database);
  } finally {
    database.close();
  }
}

function holds(calls: FileCalls, file: string, wanted: string): boolean {
  const fd = calls.openSync(file, constants.O_RDONLY);
  try {
    const bytes = Buffer.alloc(calls.fstatSync(fd).sizeBytes);
    const count = readFully(calls, fd, bytes, 0);
    return bytes.subarray(0, count).includes(wanted);
  } finally {
    calls.closeSync(fd);
  }
}
