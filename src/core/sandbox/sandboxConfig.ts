import type { JsonValue } from '../util/json';
import type { Sandbox } from './sandbox';

/** Which sandbox an agent gets, as plain data: it is kept with the session. What a kind knows beside these is its own. */
export interface SandboxConfig {
  /** One that the sandbox factory knows; 'local' is built in. */
  readonly kind: string;
  /** The folder to work in. Default: the process's current folder. */
  readonly workDir?: string;
  /** False lifts the boundary of the folders. Default true. */
  readonly enforceBoundary?: boolean;
  /** Further folders in which absolute paths are allowed. */
  readonly allowPaths?: readonly string[];
  readonly [option: string]: JsonValue | undefined;
}

/** Makes a sandbox of a description; without one, the host's standard sandbox. */
export type MakeSandbox = (config?: SandboxConfig) => Sandbox | Promise<Sandbox>;

/** Takes a sandbox as it is, and has one made of a description. */
export async function openSandbox(wanted: Sandbox | SandboxConfig | undefined, make: MakeSandbox): Promise<Sandbox> {
  return isSandbox(wanted) ? wanted : make(wanted);
}

/** A description holds data only. */
export function isSandbox(value: Sandbox | SandboxConfig | undefined): value is Sandbox {
  return typeof value?.['dispose'] === 'function';
}
