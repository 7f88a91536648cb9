import { isAgentError } from '../errors';
import type { RestoreFile } from '../protocol/checkpoints';
import type { SandboxFiles, WorkspacePath } from '../sandbox/sandbox';
import { fingerprint } from '../util/fingerprint';
import type { CheckpointBlobs } from './checkpointBlobs';
import { isExpected, type FileTarget } from './checkpointEntry';
import { fileNow, isSameState, stateToJson, type FileNow, type FileState } from './fileState';

/** One file of a restore, with what stands there now and what is to. */
export interface PlannedFile extends RestoreFile {
  readonly path: WorkspacePath;
  /** Undefined: it cannot be looked at. */
  readonly now: FileState | undefined;
  readonly then: FileState;
}

/** Looks at every file; those that already are what they are to become are left out. Foreign changes first, what stays as it is last. */
export async function planRestore(
  targets: readonly FileTarget[],
  ports: { readonly files: SandboxFiles; readonly blobs: CheckpointBlobs },
  signal: AbortSignal,
): Promise<readonly PlannedFile[]> {
  const planned: PlannedFile[] = [];
  for (const target of targets) {
    const found = await foundOrUndefined(ports.files, target.path, signal);
    const now = found?.state;
    if (now && isSameState(now, target.then)) continue;
    const missing = now ? await whyMissing(now, target.then, ports.blobs) : 'elsewhere';
    const { path, then } = target;
    // A session may come from a file of somebody else: what is asked about is the file that would change, whatever it says there.
    const display = found?.display ?? target.display;
    const change = then.kind === 'absent' ? 'delete' : now?.kind === 'absent' ? 'recreate' : 'restore';
    const foreign = now !== undefined && (target.isMixed || !isExpected(now, target));
    planned.push({ path, display, change, foreign, now, then, ...(missing && { missing }) });
  }
  const rank = ({ missing, foreign }: PlannedFile): number => (missing ? 2 : foreign ? 0 : 1);
  return planned.sort((one, other) => rank(one) - rank(other) || (one.display < other.display ? -1 : 1));
}

/** Another text for another list, and for the same one where a file holds something else. */
export function tokenOf(planned: readonly PlannedFile[]): string {
  return fingerprint(
    JSON.stringify(
      planned.map(({ path, foreign, missing, now, then }) => [
        path,
        foreign,
        missing,
        now && stateToJson(now),
        stateToJson(then),
      ]),
    ),
  );
}

async function whyMissing(
  now: FileState,
  then: FileState,
  blobs: CheckpointBlobs,
): Promise<RestoreFile['missing'] | undefined> {
  if (now.kind === 'secret' || then.kind === 'secret') return 'secret';
  return then.kind === 'file' && !(await blobs.has(then.hash)) ? 'pruned' : undefined;
}

async function foundOrUndefined(
  files: SandboxFiles,
  path: WorkspacePath,
  signal: AbortSignal,
): Promise<FileNow | undefined> {
  try {
    return await fileNow(files, path, signal);
  } catch (error) {
    if (isAgentError(error)) return undefined;
    throw error;
  }
}
