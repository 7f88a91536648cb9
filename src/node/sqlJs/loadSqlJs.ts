import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { StoreError } from '../../core/errors';
import type { SqlEngine } from '../../core/store/sqlDatabase';
import { deferred } from '../../core/util/deferred';
import { type FileCalls, nodeFileCalls } from './fileCalls';
import { FileSystemHook } from './fileSystemHook';
import { quietGrowth } from './quietGrowth';
import { selfTest } from './selfTest';
import type { SqlJs, SqlJsLoadOptions } from './sqlJsApi';
import { SqlJsEngine, type SqlJsProgram } from './sqlJsEngine';
import { webAssembly, type WasmImports, type WasmModule } from './webAssembly';
import { errorText } from '../../core/util/errorText';

export interface SqlJsOptions {
  /** The WebAssembly program. Default: `sql-wasm.wasm` beside the running bundle or one folder above it, else the one of the package sql.js. */
  readonly wasmFile?: string;
  /** The calls to the file system. Default: Node's. */
  readonly calls?: FileCalls;
}

/** sql.js has one first call, whose outcome it keeps for ever. */
const started: { program?: Promise<SqlJsProgram> } = {};

/**
 * Loads sql.js, once per process, and tries it in a temporary folder inside of `folder`, which must exist.
 * @throws StoreError 'unavailable' when it does not truly write to files here; 'disk_full' | 'read_only' of the folder
 */
export async function loadSqlJs(folder: string, options: SqlJsOptions = {}): Promise<SqlEngine> {
  const calls = options.calls ?? nodeFileCalls;
  try {
    const engine = new SqlJsEngine(await loadProgram(options.wasmFile), calls);
    await selfTest(engine, folder, calls);
    return engine;
  } catch (error) {
    if (error instanceof StoreError && ['disk_full', 'read_only'].includes(error.code)) throw error;
    const why = errorText(error);
    throw new StoreError('unavailable', `The database engine does not work on this machine: ${why}`, {
      advice: 'Nothing is kept beyond this window. Reinstall Countersign; if it stays so, report it with this message.',
      cause: error,
    });
  }
}

/** The one program of this process, untried. */
export async function loadProgram(wasmFile = findWasmFile()): Promise<SqlJsProgram> {
  return started.program ?? start(await compile(wasmFile));
}

async function compile(wasmFile: string): Promise<WasmModule> {
  const module = await webAssembly.compile(await readFile(wasmFile));
  const there = new Set(webAssembly.Module.imports(module).map(({ name }) => name));
  const missing = FileSystemHook.wrapped.filter((name) => !there.has(name));
  if (missing.length === 0) return module;
  throw new Error(`${JSON.stringify(wasmFile)} is no sql.js that is known, it does not use ${missing.join(', ')}.`);
}

function start(module: WasmModule): Promise<SqlJsProgram> {
  started.program ??= instantiate(module);
  return started.program;
}

async function instantiate(module: WasmModule): Promise<SqlJsProgram> {
  const { initSqlJs } = await import('./sqlJsModule');
  const hook = new FileSystemHook();
  const failure = deferred<never>();
  const options: SqlJsLoadOptions & { readonly hook: FileSystemHook } = {
    hook,
    useOldExtensionFunctions: false,
    // Its failures come as exceptions too.
    printErr: () => undefined,
    instantiateWasm: (imports: WasmImports, done: (instance: object) => void): object => {
      // sql.js would lose an exception in a promise that nobody holds.
      try {
        done(hook.instantiate(module, quietGrowth(imports)));
      } catch (error) {
        failure.reject(error);
      }
      return {};
    },
  };
  // It is our options, filled; or those of an earlier first call, when another copy of this code has made it.
  const sqlJs: SqlJs & { readonly hook?: FileSystemHook } = await Promise.race([initSqlJs(options), failure.promise]);
  if (sqlJs.hook !== undefined) return { sqlJs, hook: sqlJs.hook };
  throw new Error('another part of this program has loaded sql.js for itself.');
}

/** In the extension the program lies beside the bundles' folder, in the package beside the bundle, else in sql.js itself. */
function findWasmFile(): string {
  const beside = ['sql-wasm.wasm', '../sql-wasm.wasm'].map((name) => path.join(__dirname, name));
  const inPackage = (): string =>
    createRequire(path.join(__dirname, 'x.js')).resolve('sql.js/dist/sql-wasm-debug.wasm');
  return beside.find((file) => existsSync(file)) ?? inPackage();
}
