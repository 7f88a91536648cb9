/** What git tracks, as far as it matters here; undefined where the index has a form that is not read. */
export interface GitIndex {
  readonly paths: readonly string[];
  /** Folders that are repositories of their own. */
  readonly repositories: readonly string[];
}

const entryBytes = 62;
const modeOfRepository = 0o160000;

/** Reads git's index (versions 2 to 4, SHA-1). Format: gitformat-index. */
export function readGitIndex(index: Buffer): GitIndex | undefined {
  if (index.length < 12 || index.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = index.readUInt32BE(4);
  const count = index.readUInt32BE(8);
  if (version < 2 || version > 4) return undefined;
  const paths: string[] = [];
  const repositories: string[] = [];
  let at = 12;
  let previous = '';
  for (let entry = 0; entry < count; entry += 1) {
    if (at + entryBytes > index.length) return undefined;
    const extended = (index.readUInt16BE(at + 60) & 0x4000) !== 0;
    let name = at + entryBytes + (extended ? 2 : 0);
    let kept = '';
    if (version === 4) {
      const [strip, next] = readOffset(index, name);
      kept = previous.slice(0, Math.max(0, previous.length - strip));
      name = next;
    }
    const end = index.indexOf(0, name);
    if (end < 0) return undefined;
    const path = kept + index.toString('latin1', name, end);
    paths.push(path);
    if (index.readUInt32BE(at + 24) >>> 0 === modeOfRepository) repositories.push(path);
    previous = path;
    at = version === 4 ? end + 1 : at + (((end - at) >> 3) + 1) * 8;
  }
  return endsExactly(index, at) ? { paths: paths.map(decoded), repositories: repositories.map(decoded) } : undefined;
}

const checksumBytes = 20;

/**
 * Whether nothing but optional extensions and the checksum is left: otherwise the entries were misread (of a repository with longer
 * numbers, for example). Extensions in small letters change what the entries mean: a split or a sparse index.
 */
function endsExactly(index: Buffer, from: number): boolean {
  let at = from;
  while (at + 8 <= index.length - checksumBytes) {
    if (!/^[A-Z]/.test(index.toString('latin1', at, at + 4))) return false;
    at += 8 + index.readUInt32BE(at + 4);
  }
  return at === index.length - checksumBytes;
}

const decoded = (path: string): string => Buffer.from(path, 'latin1').toString('utf8');

/** Git's variable-width number, as in offsets of packs. */
function readOffset(bytes: Buffer, from: number): readonly [number, number] {
  let at = from;
  let byte = bytes[at] ?? 0;
  let value = byte & 127;
  while (byte & 128) {
    at += 1;
    byte = bytes[at] ?? 0;
    value = (value + 1) * 128 + (byte & 127);
  }
  return [value, at + 1];
}
