import { ToolError } from '../core/errors';
import type { TextFile } from '../core/sandbox/sandbox';
import { decodeLegacy, encodeLegacy } from './legacyEncoding';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const marks: readonly { readonly encoding: Encoding; readonly bytes: readonly number[] }[] = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

/**
 * The text of a file: UTF-8 with or without byte order mark, UTF-16 with one, and what is neither in `legacyEncoding`, a label
 * of the Encoding Standard such as `windows-1252`; without one it is refused, never guessed. Encoding it again gives the same
 * bytes.
 * @throws ToolError 'binary' | 'unsupported_encoding'.
 */
export function decodeText(bytes: Uint8Array, display: string, legacyEncoding?: string): TextFile {
  const mark = marks.find((candidate) => candidate.bytes.every((byte, index) => bytes[index] === byte));
  const encoding = mark?.encoding ?? 'utf-8';
  const body = bytes.subarray(mark?.bytes.length ?? 0);
  if (encoding === 'utf-8' && body.includes(0))
    throw new ToolError('binary', `${JSON.stringify(display)} is not a text file: it holds zero bytes.`, {
      advice: 'Use a command that knows this kind of file.',
    });
  try {
    const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(body);
    return { text, encoding, hasBom: mark !== undefined };
  } catch (error) {
    const text = legacyEncoding === undefined || mark ? undefined : decodeLegacy(body, legacyEncoding);
    if (text !== undefined && legacyEncoding !== undefined) return { text, encoding: legacyEncoding, hasBom: false };
    throw new ToolError('unsupported_encoding', `${JSON.stringify(display)} is not valid ${encoding.toUpperCase()}.`, {
      advice: 'Reading or editing it would damage it: convert it to UTF-8 first, or leave it alone.',
      cause: error,
    });
  }
}

/** The bytes of a text in a file's encoding. @throws ToolError 'unsupported_encoding' for text that has no bytes. */
export function encodeText(text: string, file: Pick<TextFile, 'encoding' | 'hasBom'>, display: string): Buffer {
  const half = /\p{Cs}/u.exec(text);
  if (half)
    throw new ToolError(
      'unsupported_encoding',
      `The new text of ${JSON.stringify(display)} holds half of a character in line ${lineAt(text, half.index)}: ${JSON.stringify(half[0])}.`,
      { advice: 'Write the whole character, for example an emoji, instead of one of its two halves.' },
    );
  const mark = file.hasBom ? Buffer.from(marks.find(({ encoding }) => encoding === file.encoding)?.bytes ?? []) : [];
  return Buffer.concat([Uint8Array.from(mark), bytesOf(text, file.encoding, display)]);
}

function bytesOf(text: string, encoding: string, display: string): Buffer {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text, 'utf8');
    case 'utf-16le':
      return Buffer.from(text, 'utf16le');
    case 'utf-16be':
      return Buffer.from(text, 'utf16le').swap16();
    default:
      return legacyBytes(text, encoding, display);
  }
}

function legacyBytes(text: string, encoding: string, display: string): Buffer {
  const encoded = encodeLegacy(text, encoding);
  if (encoded.kind === 'bytes') return encoded.bytes;
  const character = String.fromCodePoint(text.codePointAt(encoded.index) ?? 0);
  throw new ToolError(
    'unsupported_encoding',
    `${JSON.stringify(display)} is ${encoding}, which cannot hold the character ${JSON.stringify(character)} in line ${lineAt(text, encoded.index)}.`,
    { advice: 'Write the text without this character, or ask the user to convert the file to UTF-8 first.' },
  );
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
