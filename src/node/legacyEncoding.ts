/** Bytes, or where the first character stands that has none. */
export type EncodedLegacy =
  { readonly kind: 'bytes'; readonly bytes: Buffer } | { readonly kind: 'lacking'; readonly index: number };

/**
 * Text in an encoding of one or two bytes per character, by its label in the Encoding Standard (`windows-1252`, `gbk`,
 * `shift_jis`, ...). Undefined when these bytes are not valid in it, or would not come back byte for byte.
 * @throws RangeError for a label that nobody knows.
 */
export function decodeLegacy(bytes: Uint8Array, encoding: string): string | undefined {
  const text = decoderOf(encoding)(bytes);
  if (text === undefined) return undefined;
  const back = encodeLegacy(text, encoding);
  return back.kind === 'bytes' && back.bytes.equals(bytes) ? text : undefined;
}

/** @throws RangeError for a label that nobody knows. */
export function encodeLegacy(text: string, encoding: string): EncodedLegacy {
  const table = tableOf(encoding);
  const bytes: number[] = [];
  let index = 0;
  for (const character of text) {
    const code = table.get(character);
    if (code === undefined) return { kind: 'lacking', index };
    if (code > 0xff) bytes.push(code >> 8);
    bytes.push(code & 0xff);
    index += character.length;
  }
  return { kind: 'bytes', bytes: Buffer.from(bytes) };
}

/** Node decodes these encodings and does not encode them: the way back is found by decoding all there is, 20 to 50 ms once. */
const tables = new Map<string, ReadonlyMap<string, number>>();

function tableOf(encoding: string): ReadonlyMap<string, number> {
  const known = tables.get(encoding);
  if (known) return known;
  const decode = decoderOf(encoding);
  const table = new Map<string, number>();
  const leads: number[] = [];
  for (let byte = 0; byte <= 0xff; byte++) {
    const character = oneCharacter(decode, [byte]);
    if (character === undefined) leads.push(byte);
    else if (!table.has(character)) table.set(character, byte);
  }
  for (const lead of leads)
    for (let trail = 0x40; trail <= 0xff; trail++) {
      const character = oneCharacter(decode, [lead, trail]);
      if (character !== undefined && !table.has(character)) table.set(character, lead * 0x100 + trail);
    }
  tables.set(encoding, table);
  return table;
}

type Decode = (bytes: Uint8Array) => string | undefined;

/** The characters of 0x80 to 0x9f in windows-1252. */
const highControls = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function decoderOf(encoding: string): Decode {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  if (decoder.encoding === 'windows-1252') {
    // Node 20 to 23 take it for ISO 8859-1 (nodejs/node#56542).
    return (bytes) =>
      Buffer.from(bytes)
        .toString('latin1')
        .replace(/[\x80-\x9f]/g, (control) => highControls.charAt(control.charCodeAt(0) - 0x80));
  }
  return (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch {
      return undefined;
    }
  };
}

function oneCharacter(decode: Decode, bytes: readonly number[]): string | undefined {
  const text = decode(Uint8Array.from(bytes));
  return text !== undefined && Array.from(text).length === 1 ? text : undefined;
}
