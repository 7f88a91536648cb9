import { StoreError, type StoreErrorCode } from '../../core/errors';
import { systemCodeOf } from '../systemError';
import { errorText } from '../../core/util/errorText';

/** What a failed system call means for the store. `what` names the deed and the file: 'Writing /x/history.jsonl'. */
export function storeFailure(error: unknown, what: string): StoreError {
  if (error instanceof StoreError) return error;
  const system = systemCodeOf(error);
  const code = codeOf(system);
  const reason = system ?? errorText(error);
  return new StoreError(code, `${what} failed: ${reason}.`, { advice: advice[code], cause: error });
}

type FailureCode = Extract<StoreErrorCode, 'disk_full' | 'read_only' | 'io'>;

function codeOf(system: string | undefined): FailureCode {
  if (system === 'ENOSPC' || system === 'EDQUOT') return 'disk_full';
  if (system === 'EROFS' || system === 'EACCES' || system === 'EPERM') return 'read_only';
  return 'io';
}

const advice: Readonly<Record<FailureCode, string>> = {
  disk_full: 'Free some space on this disk, then open the session again.',
  read_only: 'Make the folder writable for you, then open the session again.',
  io: 'Look at the disk, then open the session again: what was acknowledged is in it.',
};
