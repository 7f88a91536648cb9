import { StoreError } from '../errors';
import type { SqlDatabase } from './sqlDatabase';

/**
 * Each brings a database from the version before to its own; the first one makes an empty database version 1. What has been
 * released is never changed. A reader cannot migrate: it must be able to read every version. What `kv` holds: see `sqlRecords`.
 */
export const sqlMigrations: readonly string[] = [
  `
  -- What is kept whole: info, todos, queued, turn, stepCount; 'clean' while the last writer has closed the session.
  create table meta(k text primary key, v text not null, crc integer not null);
  insert into meta values('clean', 'true', 0);

  -- A revision of the conversation: the first 'keep' messages of its base, then its own. The last one is current.
  create table revisions(rev integer primary key, base_rev integer, keep integer not null);
  insert into revisions values(0, null, 0);
  -- place: rev * 2^32 + its place in the conversation. One number, because a second index is one more page in every commit.
  create table messages(
    place integer primary key, id text not null, role text not null,
    body text not null, crc integer not null, ts integer not null);

  create table tool_calls(
    ord integer primary key, id text not null unique, name text not null, state text not null,
    body text not null, crc integer not null, ts integer not null);
  create index tool_calls_open on tool_calls(ord) where state not in ('COMPLETED', 'FAILED', 'DENIED', 'SEALED');

  -- One row for what one commit tells, as a JSON list: a page is the smallest thing that is written. seq: of its last event;
  -- channels: the sum of 1 progress, 2 control, 4 monitor.
  create table events(
    seq integer primary key, channels integer not null, body text not null, crc integer not null, ts integer not null);

  -- rev: the revision in which its messages are counted.
  create table snapshots(
    ord integer primary key, id text not null unique, rev integer not null,
    body text not null, crc integer not null, ts integer not null);

  -- The state of a file before a turn changed it; the content is a blob of this hash, null: there was no file.
  create table file_versions(
    path text not null, turn integer not null, hash text, mtime integer, mode integer,
    primary key(path, turn)) without rowid;
  create table kv(
    kind text not null, id text not null, ts integer not null, body text not null,
    primary key(kind, id)) without rowid;
  `,
];

/**
 * Brings a database to the newest version, one transaction for each step. `name` is for error texts.
 * @throws StoreError 'newer_version'; whatever the database throws: then it has the version of the last step that was done.
 */
export function migrate(
  db: Pick<SqlDatabase, 'exec' | 'query'>,
  name: string,
  migrations: readonly string[] = sqlMigrations,
): void {
  const version = sqlVersion(db, name, migrations.length);
  for (const [step, sql] of migrations.slice(version).entries())
    inTransaction(db, () => {
      db.exec(sql);
      db.exec(`pragma user_version = ${version + step + 1}`);
    });
}

/** The version of a database; 0: nothing is in it. @throws StoreError 'newer_version'. */
export function sqlVersion(
  db: Pick<SqlDatabase, 'query'>,
  name: string,
  newest: number = sqlMigrations.length,
): number {
  const version = Number(db.query('pragma user_version')[0]?.[0]);
  if (version <= newest) return version;
  throw new StoreError('newer_version', `${name} has version ${version}; this Countersign reads up to ${newest}.`, {
    advice: 'Update Countersign to open this session.',
  });
}

/** The version of a session's database. @throws StoreError 'damaged' when no session is in it, 'newer_version'. */
export function checkBegun(db: Pick<SqlDatabase, 'query'>, name: string): void {
  if (sqlVersion(db, name) > 0) return;
  throw new StoreError('damaged', `${name} holds no session.`, {
    advice: 'Salvage the session: what can still be read goes into a new one.',
  });
}

/** All of the work or nothing of it. */
export function inTransaction<T>(db: Pick<SqlDatabase, 'exec'>, work: () => T): T {
  db.exec('begin immediate');
  try {
    const result = work();
    db.exec('commit');
    return result;
  } catch (error) {
    throw rolledBack(db, error);
  }
}

function rolledBack(db: Pick<SqlDatabase, 'exec'>, error: unknown): unknown {
  try {
    db.exec('rollback');
    return error;
  } catch {
    return error; // SQLite has rolled back by itself, as it does on a full disk; what was refused first says why.
  }
}
