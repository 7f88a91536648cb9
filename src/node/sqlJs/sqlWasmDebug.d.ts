/** What we use of sql.js 1.16.0. The debug build alone keeps the names of the imported system calls. */
declare module 'sql.js/dist/sql-wasm-debug.js' {
  namespace initSqlJs {
    type Value = null | number | string | Uint8Array;

    interface Statement {
      bind(values: readonly Value[]): boolean;
      step(): boolean;
      get(): Value[];
      reset(): boolean;
      free(): boolean;
    }

    interface Database {
      /** The name without the leading slash. */
      readonly filename: string;
      run(sql: string): Database;
      exec(sql: string): { columns: string[]; values: Value[][] }[];
      prepare(sql: string): Statement;
      close(): void;
    }

    interface Instance {
      readonly Database: new (data: Uint8Array) => Database;
    }

    interface Options {
      /** Emscripten's documented hook; what it returns is not used. */
      instantiateWasm: (imports: Record<string, Record<string, unknown>>, done: (instance: object) => void) => object;
      /** Default true, which warns in the console. */
      useOldExtensionFunctions: false;
      /** Default: the console. */
      printErr: (line: string) => void;
    }
  }

  /** Loads the one instance of this copy of the code: later calls get the first one's promise, whatever their options. */
  function initSqlJs(options: initSqlJs.Options): Promise<initSqlJs.Instance>;
  export default initSqlJs;
}
