import { constants } from 'node:fs';
import { StoreError } from '../../core/errors';
import { systemCodeOf } from '../systemError';
import { type FileCalls, openIfThere, readFully } from './fileCalls';
import { fileError } from './sqlJsErrors';

const attempts = 12;
const attemptsWithoutChange = 3;
/** Within this time two changes of a file can bear the same time. */
const tickNs = 20_000_000n;

/**
 * Does `read` until the database's files were the same before and after it, which another process may write: a new
 * header of the log tells of a log begun anew, the database's time of a take-over. What is only appended to the log does
 * not disturb. Waits about 150 ms in all, blocking.
 * @throws StoreError 'io', worth a retry, when the files never held still; else what `read` threw
 */
export function readStill<T>(file: string, calls: FileCalls, read: () => T): T {
  let unchanged = 0;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (attempt > 0) pause(Math.min(2 ** attempt, 20));
    const before = stamp(file, calls);
    const outcome = attemptTo(read);
    if (before.isFresh || before.text !== stamp(file, calls).text) continue;
    if ('value' in outcome) return outcome.value;
    unchanged += 1;
    if (unchanged === attemptsWithoutChange) throw outcome.error;
  }
  throw new StoreError('io', `${JSON.stringify(file)}: The file changed during each of ${attempts} readings.`, {
    advice: 'Try again in a moment.',
    retryable: true,
  });
}

function attemptTo<T>(read: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: read() };
  } catch (error) {
    return { error };
  }
}

function stamp(file: string, calls: FileCalls): { readonly text: string; readonly isFresh: boolean } {
  try {
    const { device, inode, sizeBytes, modifiedNs } = calls.statSync(file);
    const age = BigInt(Date.now()) * 1_000_000n - modifiedNs;
    const isFresh = age > -tickNs && age < tickNs;
    return { text: [device, inode, sizeBytes, modifiedNs, logHeader(file, calls)].join(':'), isFresh };
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return { text: 'none', isFresh: false };
    throw fileError(error, file);
  }
}

function logHeader(file: string, calls: FileCalls): string {
  const fd = openIfThere(calls, `${file}-wal`, constants.O_RDONLY);
  if (fd === undefined) return 'none';
  try {
    const header = Buffer.alloc(32);
    return header.toString('hex', 0, readFully(calls, fd, header, 0));
  } finally {
    calls.closeSync(fd);
  }
}

/** Blocks, without using the processor where that is allowed. */
function pause(ms: number): void {
  const endMs = performance.now() + ms;
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  } catch {
    // Some threads of Electron may not wait.
    while (performance.now() < endMs) continue;
  }
}
