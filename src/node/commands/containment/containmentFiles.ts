import { existsSync } from 'node:fs';
import * as path from 'node:path';

/** The program of the sandbox's own process, where builds put it; undefined: this build has none. */
export function findRuntimeProgram(): string | undefined {
  return find('sandboxRuntime.mjs');
}

/** The helper for this processor that keeps commands from Unix sockets. */
export function findSeccomp(arch = process.arch): string | undefined {
  return find(path.join('seccomp', arch, 'apply-seccomp'));
}

/** In the extension it lies beside the bundles' folder, in the package beside the bundle. */
function find(name: string): string | undefined {
  return ['sandbox', '../sandbox'].map((folder) => path.join(__dirname, folder, name)).find((file) => existsSync(file));
}
