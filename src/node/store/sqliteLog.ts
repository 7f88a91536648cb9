import { existsSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { StoreError } from '../../core/errors';
import type { SqlEngine } from '../../core/store/sqlDatabase';
import { SqlLog } from '../../core/store/sqlLog';
import { SqlReader } from '../../core/store/sqlReader';
import { checkBegun, migrate } from '../../core/store/sqlSchema';
import type { SessionFormat } from '../sessionFormat';
import { salvageSqlite } from './salvageSqlite';
import { storeFailure } from './storeFailure';

export const sqliteFileName = 'session.db';

/** What is known of the format before the engine is there. */
export const sqliteFormatFacts = { name: 'sqlite', files: [sqliteFileName, `${sqliteFileName}-wal`] } as const;

/** Histories as SQLite databases, one for each session. */
export function sqliteFormat(engine: SqlEngine): SessionFormat {
  let begun: Uint8Array | undefined;
  return {
    ...sqliteFormatFacts,
    async open(folder, mode, { checkLease }) {
      const name = path.join(folder, sqliteFileName);
      if (mode === 'create') begun ??= engine.image((db) => migrate(db, 'a new session'));
      const db = engine.open(name, mode, begun);
      try {
        if (mode === 'existing') checkBegun(db, name);
        migrate(db, name);
        return new SqlLog(db, { name, checkLease });
      } catch (error) {
        db.close();
        throw error;
      }
    },
    async read(folder) {
      const name = path.join(folder, sqliteFileName);
      engine.readSnapshot(name, (db) => {
        checkBegun(db, name);
      });
      return new SqlReader({
        name,
        look: (work) => engine.readSnapshot(name, work),
        stamp: () => [name, `${name}-wal`].map(stampOf).join(' '),
      });
    },
    async salvage(folder) {
      const name = path.join(folder, sqliteFileName);
      if (!existsSync(name) && !existsSync(`${name}-wal`))
        throw new StoreError('damaged', `${name} is missing.`, { advice: 'Bring it back from a backup.' });
      try {
        return await salvageSqlite(engine, name);
      } catch (error) {
        throw storeFailure(error, `Salvaging ${name}`);
      }
    },
  };
}

/** A commit makes the log longer, or writes it anew in place; a take-over changes the database itself. */
function stampOf(file: string): string {
  const facts = statSync(file, { bigint: true, throwIfNoEntry: false });
  return facts ? `${facts.ino}:${facts.size}:${facts.mtimeNs}` : 'none';
}
