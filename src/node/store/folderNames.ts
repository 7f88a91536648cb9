import { createHash } from 'node:crypto';
import { isAgentId, type AgentId } from '../../core/protocol/ids';

/**
 * The folder of a session: another one for every id, also where the file system takes upper and lower case, or two spellings
 * of an accent, for the same. Small letters, digits, `-` and `_` stay, other bytes become `%xx`; long ids and names that
 * Windows keeps for itself become a hash, and their id stands in the sidecar only.
 */
export function folderNameOf(agentId: string): string {
  // Bytes cannot tell one half of a surrogate pair from another.
  if (reserved.test(agentId) || /\p{Cs}/u.test(agentId)) return hashedName(agentId);
  const name = Array.from(Buffer.from(agentId, 'utf8'), encodeByte).join('');
  return name.length > maxCharacters ? hashedName(agentId) : name;
}

/** undefined: the name is a hash, or none of ours. */
export function agentIdOf(folderName: string): AgentId | undefined {
  if (!/^(?:[a-z0-9_-]|%[0-9a-f]{2})+$/.test(folderName)) return undefined;
  const bytes = folderName.replace(/%(..)|(.)/g, (_all, hex: string | undefined, plain: string | undefined) =>
    hex === undefined ? Buffer.from(plain ?? '').toString('hex') : hex,
  );
  const id = Buffer.from(bytes, 'hex').toString('utf8');
  return isAgentId(id) && folderNameOf(id) === folderName ? id : undefined;
}

const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;
/** Windows takes 260 for the whole path. */
const maxCharacters = 100;

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[a-z0-9_-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
}

/** `%h` is no encoded byte: no other id has this name. */
function hashedName(agentId: string): string {
  return `%h${createHash('sha256').update(agentId, 'utf16le').digest('hex')}`;
}
