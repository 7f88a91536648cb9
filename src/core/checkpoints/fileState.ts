import { isAgentError, SandboxError } from '../errors';
import type { FileBytes, SandboxFiles, WorkspacePath } from '../sandbox/sandbox';
import { sha256 } from '../util/sha256';

import { isJsonObject, type JsonObject, type JsonValue } from '../util/json';

/** What stood in a place, as far as a session may know it. */
export type FileState =
  | { readonly kind: 'absent' }
  /** `mode`: its permission bits, where the file system has such. */
  | { readonly kind: 'file'; readonly hash: string; readonly mode?: number }
  /** A file that may hold secrets: nothing of it is kept, not even its hash. */
  | { readonly kind: 'secret' };

/** What stands in a place now. `bytes`: of a 'file'. */
export interface FileNow {
  readonly state: FileState;
  /** Its path for people, as it is and not as somebody has stored it. */
  readonly display: string;
  readonly bytes: Uint8Array | undefined;
}

/** @throws what `resolve` and `readBytes` throw: the path leads elsewhere, no regular file, larger than 10 MB. */
export async function fileNow(files: SandboxFiles, path: WorkspacePath, signal: AbortSignal): Promise<FileNow> {
  const resolved = await files.resolve(path, signal);
  if (resolved.path !== path)
    throw new SandboxError('raced', `${JSON.stringify(path)} leads to ${JSON.stringify(resolved.path)} by now.`, {
      advice: 'Look at what was put in its place.',
    });
  // A secret file is known as such by what is in it too, so it is looked at before anything of it is read.
  const { display } = resolved;
  if (resolved.guarded?.kind === 'secret') return { display, state: { kind: 'secret' }, bytes: undefined };
  const found = resolved.exists ? await bytesUnlessGone(files, path, signal) : undefined;
  if (!found) return { display, state: { kind: 'absent' }, bytes: undefined };
  return { display, state: await stateOf(found), bytes: found.bytes };
}

export async function stateOf({ bytes, mode }: FileBytes): Promise<FileState> {
  return { kind: 'file', hash: await sha256(bytes), ...(mode !== undefined && { mode }) };
}

/** Whether nobody could tell the two apart. Permission bits count where both are known. */
export function isSameState(one: FileState, other: FileState): boolean {
  if (one.kind !== 'file' || other.kind !== 'file') return one.kind === other.kind && one.kind === 'absent';
  const sameMode = one.mode === undefined || other.mode === undefined || one.mode === other.mode;
  return one.hash === other.hash && sameMode;
}

/** The same, whatever the permission bits. */
export function isSameContent(one: FileState, other: FileState | undefined): boolean {
  if (one.kind !== 'file' || other?.kind !== 'file') return one.kind === 'absent' && other?.kind === 'absent';
  return one.hash === other.hash;
}

/** As it is stored: the hash, or null where there was no file. */
export function stateToJson(state: FileState): JsonObject {
  if (state.kind === 'secret') return { secret: true };
  if (state.kind === 'absent') return { hash: null };
  return { hash: state.hash, ...(state.mode !== undefined && { mode: state.mode }) };
}

/** Undefined: it is none. */
export function stateFromJson(value: JsonValue | undefined): FileState | undefined {
  if (!isJsonObject(value)) return undefined;
  const { secret, hash, mode } = value;
  if (secret === true) return { kind: 'secret' };
  if (hash === null) return { kind: 'absent' };
  if (typeof hash !== 'string') return undefined;
  return { kind: 'file', hash, ...(typeof mode === 'number' && { mode }) };
}

async function bytesUnlessGone(
  files: SandboxFiles,
  path: WorkspacePath,
  signal: AbortSignal,
): Promise<FileBytes | undefined> {
  try {
    return await files.readBytes(path, signal);
  } catch (error) {
    if (isAgentError(error) && error.code === 'not_found') return undefined;
    throw error;
  }
}
