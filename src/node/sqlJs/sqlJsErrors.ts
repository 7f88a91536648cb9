import { StoreError, type StoreErrorCode } from '../../core/errors';
import { systemCodeOf } from '../systemError';
import { errorText } from '../../core/util/errorText';

/** What SQLite says, as it says it: sql.js gives texts without codes. Of the first that matches. */
const meanings: readonly (readonly [RegExp, StoreErrorCode])[] = [
  [/database disk image is malformed|file is not a database|malformed database schema/, 'damaged'],
  [/unsupported file format/, 'newer_version'],
  [/database or disk is full/, 'disk_full'],
  [/attempt to write a readonly database/, 'read_only'],
  [/database is locked/, 'conflict'],
  [/out of memory|disk I\/O error|unable to open database file|locking protocol|large file support/, 'io'],
];

const advice: Partial<Record<StoreErrorCode, string>> = {
  damaged: 'Salvage brings back what can still be read; the file itself is left as it is.',
  newer_version: 'Update Countersign and open it again.',
  disk_full: 'Free some space on its disk and try again.',
  read_only: 'Give yourself the right to write to the file and its folder.',
  conflict: 'Close it where it is open.',
  io: 'Check the disk; everything that was acknowledged is kept in the file.',
};

/**
 * What SQLite or the file system refused, as a StoreError; `fault` is the last call that the system refused below it.
 * A fault of our own SQL is no state of the store: it is given as a plain Error.
 */
export function sqlError(error: unknown, file: string, fault: unknown, doing: string): Error {
  if (error instanceof StoreError) return error;
  const said = errorText(error);
  const meaning = meanings.find(([pattern]) => pattern.test(said))?.[1];
  if (error instanceof Error && (error.name === 'RuntimeError' || error instanceof RangeError))
    return storeError('unavailable', file, `The database program itself failed (${said})`, error);
  if (meaning === undefined) return new Error(`SQLite refused ${JSON.stringify(doing)}: ${said}`, { cause: error });
  // SQLite takes some failed reads for damage.
  const byFault =
    fault !== undefined && ['io', 'disk_full', 'read_only', 'damaged'].includes(meaning) ? codeOf(fault) : undefined;
  const why = fault === undefined ? said : `${said}; ${errorText(fault)}`;
  return storeError(byFault ?? meaning, file, `The database answered: ${why}`, fault ?? error);
}

/** What the system refused, as a StoreError. */
export function fileError(error: unknown, file: string): StoreError {
  if (error instanceof StoreError) return error;
  return storeError(codeOf(error), file, errorText(error), error);
}

export function storeError(code: StoreErrorCode, file: string, why: string, cause?: unknown): StoreError {
  return new StoreError(code, `${JSON.stringify(file)}: ${why}.`, { advice: advice[code] ?? '', cause });
}

function codeOf(fault: unknown): StoreErrorCode {
  switch (systemCodeOf(fault)) {
    case undefined:
      return 'io';
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'disk_full';
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return 'read_only';
    default:
      return 'io';
  }
}
