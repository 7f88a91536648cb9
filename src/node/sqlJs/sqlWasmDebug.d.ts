/** The debug build alone keeps the names of the imported system calls. Its types are in sqlJsApi.ts. */
declare module 'sql.js/dist/sql-wasm-debug.js' {
  export default function initSqlJs(options: object): Promise<never>;
}
