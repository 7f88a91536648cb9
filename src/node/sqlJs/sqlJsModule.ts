// A file of its own, so that it becomes a bundle of its own: 100 KB of JavaScript that activation must not read.
import load from 'sql.js/dist/sql-wasm-debug.js';
import type { InitSqlJs } from './sqlJsApi';

export const initSqlJs: InitSqlJs = load;
