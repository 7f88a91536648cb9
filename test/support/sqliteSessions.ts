import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { SqlDatabase, SqlEngine } from '../../src/core/store/sqlDatabase';
import type { SessionLog } from '../../src/core/store/store';
import type { SessionFormat } from '../../src/node/sessionFormat';
import { loadSqlJs } from '../../src/node/sqlJs/loadSqlJs';
import { sqliteFileName, sqliteFormat } from '../../src/node/store/sqliteLog';

/** Sessions in SQLite in this folder, and their database for whoever wants to harm it. Call inside of `describe`. */
export function useSqliteSessions(folder: { readonly path: string }) {
  let engine: SqlEngine;
  before(async () => {
    engine = await loadSqlJs(tmpdir());
  });
  const file = (): string => path.join(folder.path, sqliteFileName);
  return {
    file,
    engine: (): SqlEngine => engine,
    format: (): SessionFormat => sqliteFormat(engine),
    open: (mode: 'create' | 'existing' = 'existing'): Promise<SessionLog> =>
      sqliteFormat(engine).open(folder.path, mode, { checkLease: () => undefined }),
    /** Works on the closed session's database with plain SQL. */
    harm<T>(work: (db: SqlDatabase) => T): T {
      const db = engine.open(file(), 'existing');
      try {
        return work(db);
      } finally {
        db.close();
      }
    },
  };
}
