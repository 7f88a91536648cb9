import type { Batch } from '../../core/store/store';
import { crc32 } from '../../core/util/crc32';

export const jsonVersion = 1;
/** What every line begins with. */
export const entryBeginning = '{"crc":"';

/** One line of a history in JSON lines. */
export type JsonEntry =
  /** The first line. */
  | { readonly kind: 'head'; readonly version: number; readonly synced: 0 }
  /** One commit, and the revision of the conversation that its messages belong to: redundant, for when lines are lost. */
  | { readonly kind: 'batch'; readonly synced: number; readonly revision: Revision; readonly batch: Batch }
  /** The session was closed after the lines before. */
  | { readonly kind: 'end'; readonly synced: number };
// `synced` counts the bytes at the file's beginning that were on the disk for sure when the line was written. It tells damage
// from what a power cut took of lines that nobody had been promised.

/** The `number`th rewinding: it begins with `keep` messages of the one before. `from`: the place of the line's own messages. */
export interface Revision {
  readonly number: number;
  readonly keep: number;
  readonly from: number;
}

/** `{"crc":"1a2b3c4d","entry":{...}}` and the line's end; the CRC-32 is that of the entry's text. */
export function encodeEntry(entry: JsonEntry): Buffer {
  const text = Buffer.from(JSON.stringify(entry), 'utf8');
  return Buffer.concat([Buffer.from(beginningFor(text), 'latin1'), text, lineEnd]);
}

/** The entry of a line without its line break, or undefined where it is not what was written. */
export function decodeEntry(line: Buffer): JsonEntry | undefined {
  const text = line.subarray(beginningBytes, -1);
  if (line.toString('latin1', 0, beginningBytes) !== beginningFor(text)) return undefined;
  if (line.at(-1) !== 0x7d) return undefined;
  return JSON.parse(text.toString('utf8')) as JsonEntry; // The CRC says that it is one of ours.
}

function beginningFor(text: Uint8Array): string {
  return `${entryBeginning}${crc32(text).toString(16).padStart(8, '0')}","entry":`;
}

const beginningBytes = beginningFor(new Uint8Array()).length;
const lineEnd = Buffer.from('}\n');
