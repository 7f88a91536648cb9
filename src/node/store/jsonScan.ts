import { StoreError } from '../../core/errors';
import type { HistoryFile } from './historyFile';
import { decodeEntry, entryBeginning, jsonVersion, type JsonEntry } from './jsonEntry';
import type { JsonIndex } from './jsonIndex';

/** A line of the file. `bytes` counts its line break; `entry` is missing where the line is not what was written. */
export interface ScannedLine {
  readonly at: number;
  readonly bytes: number;
  readonly entry: JsonEntry | undefined;
  /** The good line that a bad one has swallowed, because the line break between them was lost. */
  readonly swallowed?: JsonEntry | undefined;
}

/** The lines from byte `at` on; without its line break the last one is bad. */
export async function* scanLines(file: HistoryFile, at: number): AsyncGenerator<ScannedLine> {
  let rest: Buffer = Buffer.alloc(0);
  let restAt = at;
  for (;;) {
    const chunk = await file.read(restAt + rest.length, chunkBytes);
    if (chunk.length === 0) break;
    // Only the new bytes are looked through: a line may be many chunks long.
    let lineEnd = chunk.indexOf(lineBreak);
    if (lineEnd >= 0) lineEnd += rest.length;
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (; lineEnd >= 0; lineEnd = data.indexOf(lineBreak, start)) {
      const bytes = lineEnd + 1 - start;
      yield scanned(data.subarray(start, lineEnd), restAt + start, bytes);
      start = lineEnd + 1;
    }
    rest = data.subarray(start);
    restAt += start;
  }
  if (rest.length > 0) yield { at: restAt, bytes: rest.length, entry: undefined };
}

function scanned(line: Buffer, at: number, bytes: number): ScannedLine {
  const entry = decodeEntry(line);
  if (entry) return { at, bytes, entry };
  const last = line.lastIndexOf(entryBeginning);
  return { at, bytes, entry, swallowed: last > 0 ? decodeEntry(line.subarray(last)) : undefined };
}

/**
 * Takes into the index what the file holds after it. The index ends where the good lines end: what stands after that was
 * cut off by a crash before anybody was told that it is stored.
 * @throws StoreError 'damaged' where a line is bad that was on the disk for sure; 'newer_version'.
 */
export async function extendIndex(index: JsonIndex, file: HistoryFile, name: string): Promise<void> {
  let firstBad: ScannedLine | undefined;
  for await (const line of scanLines(file, index.end)) {
    const { entry, swallowed } = line;
    if (!entry) firstBad ??= line;
    const synced = (entry ?? swallowed)?.synced ?? 0;
    if (firstBad && synced > firstBad.at) throw damagedLine(name, index.lines + 1);
    if (firstBad || !entry) continue;
    checkVersion(entry, name);
    index.take(entry, line.bytes);
  }
}

export function damagedLine(name: string, line: number): StoreError {
  return new StoreError('damaged', `Line ${line} of ${name} is not what was written.`, { advice: salvageAdvice });
}

/** @throws StoreError 'damaged' where not even the first line is there. */
export function checkBegun(index: JsonIndex, name: string): void {
  if (index.lines > 0) return;
  throw new StoreError('damaged', `${name} is empty or not a history of Countersign.`, { advice: salvageAdvice });
}

/** @throws StoreError 'newer_version'. */
export function checkVersion(entry: JsonEntry, name: string): void {
  if (entry.kind !== 'head' || entry.version <= jsonVersion) return;
  throw new StoreError(
    'newer_version',
    `${name} has version ${entry.version}; this Countersign reads ${jsonVersion}.`,
    {
      advice: 'Update Countersign to open this session.',
    },
  );
}

const salvageAdvice = 'Salvage the session: everything that can still be read goes into a new one.';
const chunkBytes = 256 * 1024;
const lineBreak = 0x0a;
