import { mkdir, open, type FileHandle } from 'node:fs/promises';
import * as path from 'node:path';
import type { SpentCall } from '../../core/model/spending';
import type { TokenUsage } from '../../core/protocol/usage';
import { isJsonObject, type JsonValue } from '../../core/util/json';
import { systemCodeOf, unlessFailing } from '../systemError';

/** What of a file was read: up to byte `end`. */
export interface SpendingSlice {
  readonly calls: readonly SpentCall[];
  readonly end: number;
}

/**
 * Adds a call to a file of JSON lines, in one write at the end, wherever that is by then: several processes lose nothing of each
 * other. What a crash has left of a last line stays a line of its own, which nobody counts. @throws what the system throws.
 */
export async function appendSpending(file: string, { vendor, model, usage }: SpentCall, at: number): Promise<void> {
  const line = Buffer.from(`\n${JSON.stringify({ at, vendor, model, usage })}\n`);
  const handle = await openToAppend(file);
  try {
    const { bytesWritten } = await handle.write(line);
    if (bytesWritten < line.length) throw new Error(`only ${bytesWritten} of ${line.length} bytes were taken`);
  } finally {
    await handle.close();
  }
}

/** The calls in whole lines from byte `start` on; from the beginning where the file has become shorter than that. No file: nothing. */
export async function readSpending(file: string, start = 0): Promise<SpendingSlice & { readonly isAnew: boolean }> {
  const handle = await unlessFailing(['ENOENT'], open(file, 'r'));
  if (!handle) return { calls: [], end: 0, isAnew: true };
  try {
    const { size } = await handle.stat();
    const from = size < start ? 0 : start;
    const text = await readFrom(handle, from, size);
    const end = text.lastIndexOf('\n') + 1;
    const calls = text
      .toString('utf8', 0, end)
      .split('\n')
      .flatMap((line) => spentCall(line) ?? []);
    return { calls, end: from + end, isAnew: from === 0 };
  } finally {
    await handle.close();
  }
}

async function openToAppend(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'a', 0o600);
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error;
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    return open(file, 'a', 0o600);
  }
}

async function readFrom(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(to - from);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, from + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** undefined: an empty line, or one that was cut off. */
function spentCall(line: string): SpentCall | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined; // What a crash left of a line: its call was never acknowledged.
  }
  if (!isJsonObject(value)) return undefined;
  const { vendor, model, usage } = value;
  return typeof vendor === 'string' && typeof model === 'string' && isUsage(usage)
    ? { vendor, model, usage }
    : undefined;
}

function isUsage(value: JsonValue | undefined): value is JsonValue & TokenUsage {
  if (!isJsonObject(value)) return false;
  const { reasoningTokens = 0, cost = 0 } = value;
  const numbers = [...countNames.map((name) => value[name]), reasoningTokens, cost];
  return numbers.every(Number.isFinite);
}

const countNames = ['inputTokens', 'outputTokens', 'totalTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;
