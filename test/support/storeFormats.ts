import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { SessionFormat } from '../../src/node/sessionFormat';
import { loadSqlJs } from '../../src/node/sqlJs/loadSqlJs';
import { jsonFormat } from '../../src/node/store/jsonLog';
import { sqliteFormat } from '../../src/node/store/sqliteLog';

export const formatNames = ['json', 'sqlite'] as const;

/** For programs that run in processes of their own, too: they stand where no package is found. */
export async function formatOf(name: string): Promise<SessionFormat> {
  if (name === 'json') return jsonFormat();
  const wasmFile = path.join(process.cwd(), 'node_modules/sql.js/dist/sql-wasm-debug.wasm');
  return sqliteFormat(await loadSqlJs(tmpdir(), { wasmFile }));
}
