import type { SqlRow, SqlValue } from '../../core/store/sqlDatabase';

// What we use of sql.js 1.16.0. Written down here and not where the package is declared, so that our declarations name no package.

export interface RawStatement {
  bind(values: SqlRow): boolean;
  step(): boolean;
  get(): SqlValue[];
  reset(): boolean;
  free(): boolean;
}

export interface RawDatabase {
  run(sql: string): RawDatabase;
  exec(sql: string): { readonly columns: readonly string[]; readonly values: readonly SqlRow[] }[];
  prepare(sql: string): RawStatement;
  /** The database's file; of one in memory only. */
  export(): Uint8Array;
  close(): void;
}

export interface SqlJs {
  readonly Database: new (data: Uint8Array) => RawDatabase;
}

export interface SqlJsLoadOptions {
  /** Emscripten's documented hook; what it returns is not used. */
  readonly instantiateWasm: (
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
    done: (instance: object) => void,
  ) => object;
  /** Default true, which warns in the console. */
  readonly useOldExtensionFunctions: false;
  /** Default: the console. */
  readonly printErr: (line: string) => void;
}

/** Loads the one instance of this copy of the code: later calls get the first one's promise, whatever their options. It is the options, filled. */
export type InitSqlJs = (options: SqlJsLoadOptions) => Promise<SqlJs>;
