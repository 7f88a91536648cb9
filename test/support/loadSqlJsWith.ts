import { StoreError } from '../../src/core/errors';
import { loadSqlJs } from '../../src/node/sqlJs/loadSqlJs';

// Usage: node loadSqlJsWith.js FOLDER WASM...   Loads the engine with one file after the other, each `-` for the default; prints what comes of it.
async function loadWith(folder: string, wasmFiles: readonly string[]): Promise<void> {
  for (const wasmFile of wasmFiles)
    try {
      await loadSqlJs(folder, wasmFile === '-' ? {} : { wasmFile });
      console.log('works');
    } catch (error) {
      console.log(error instanceof StoreError ? `${error.code}: ${error.message}` : `untyped: ${String(error)}`);
    }
}

void loadWith(process.argv[2] ?? '', process.argv.slice(3));
