/** What a file is that is not text, as its first bytes tell. Sizes in pixels. */
export type FileKind =
  | { readonly kind: 'image'; readonly format: string; readonly width: number; readonly height: number }
  /** `format` with its article: "a PDF document". */
  | { readonly kind: 'other'; readonly format: string };

/** So many bytes are enough, a camera's long notes before the size of its picture included. */
export const fileKindBytes = 256 * 1024;

/** Undefined: no kind that is known here. Never trusts more bytes than there are. */
export function fileKindOf(start: Uint8Array): FileKind | undefined {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const image = images.find(({ magic }) => magic.every(([at, bytes]) => holds(start, at, bytes)));
  const size = image?.sizeOf(view);
  if (image && size) return { kind: 'image', format: image.format, ...size };
  if (image) return { kind: 'other', format: `a damaged ${image.format} image` };
  const other = others.find(({ at, bytes }) => holds(start, at, bytes));
  return other && { kind: 'other', format: other.format };
}

interface Size {
  readonly width: number;
  readonly height: number;
}
interface ImageFormat {
  readonly format: string;
  readonly magic: readonly (readonly [at: number, bytes: string])[];
  readonly sizeOf: (view: DataView) => Size | undefined;
}

const images: readonly ImageFormat[] = [
  { format: 'PNG', magic: [[0, '\x89PNG\r\n\x1a\n']], sizeOf: sized(24, (v) => [v.getUint32(16), v.getUint32(20)]) },
  { format: 'GIF', magic: [[0, 'GIF8']], sizeOf: sized(10, (v) => [v.getUint16(6, true), v.getUint16(8, true)]) },
  { format: 'JPEG', magic: [[0, '\xff\xd8\xff']], sizeOf: jpegSize },
  {
    format: 'WebP',
    magic: [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
    sizeOf: webpSize,
  },
  {
    format: 'BMP',
    magic: [
      [0, 'BM'],
      [6, '\0\0\0\0'],
    ],
    sizeOf: sized(26, (v) => [v.getInt32(18, true), Math.abs(v.getInt32(22, true))]),
  },
];

const others: readonly { readonly at: number; readonly bytes: string; readonly format: string }[] = [
  { at: 0, bytes: '%PDF-', format: 'a PDF document' },
  { at: 0, bytes: 'PK\x03\x04', format: 'a ZIP archive (office documents and packages are such too)' },
  { at: 0, bytes: '\x1f\x8b', format: 'a gzip archive' },
  { at: 0, bytes: 'BZh', format: 'a bzip2 archive' },
  { at: 0, bytes: '\xfd7zXZ\0', format: 'an xz archive' },
  { at: 0, bytes: '7z\xbc\xaf\x27\x1c', format: 'a 7-Zip archive' },
  { at: 0, bytes: '\x28\xb5\x2f\xfd', format: 'a Zstandard archive' },
  { at: 0, bytes: 'Rar!\x1a\x07', format: 'a RAR archive' },
  { at: 257, bytes: 'ustar', format: 'a tar archive' },
  { at: 0, bytes: '\x7fELF', format: 'an executable or library (ELF)' },
  { at: 0, bytes: '\xcf\xfa\xed\xfe', format: 'an executable or library (Mach-O)' },
  { at: 0, bytes: '\xca\xfe\xba\xbe', format: 'a Java class or a universal Mach-O file' },
  { at: 0, bytes: 'MZ', format: 'an executable or library (Windows)' },
  { at: 0, bytes: '\0asm', format: 'a WebAssembly module' },
  { at: 0, bytes: 'SQLite format 3\0', format: 'an SQLite database' },
  { at: 4, bytes: 'ftypavif', format: 'an AVIF image' },
  { at: 4, bytes: 'ftyphei', format: 'an HEIF image' },
  { at: 4, bytes: 'ftyp', format: 'a video (MP4 family)' },
  { at: 0, bytes: '\x1aE\xdf\xa3', format: 'a video (Matroska or WebM)' },
  { at: 0, bytes: 'II*\0', format: 'a TIFF image' },
  { at: 0, bytes: 'MM\0*', format: 'a TIFF image' },
  { at: 0, bytes: '\0\0\x01\0', format: 'an icon (ICO)' },
  { at: 0, bytes: 'OggS', format: 'a recording (Ogg)' },
  { at: 0, bytes: 'fLaC', format: 'a recording (FLAC)' },
  { at: 0, bytes: 'ID3', format: 'a recording (MP3)' },
  { at: 0, bytes: 'RIFF', format: 'a recording or video (RIFF)' },
  { at: 0, bytes: 'wOF2', format: 'a font (WOFF2)' },
  { at: 0, bytes: 'wOFF', format: 'a font (WOFF)' },
  { at: 0, bytes: '\0\x01\0\0', format: 'a font (TrueType)' },
  { at: 0, bytes: '\xd0\xcf\x11\xe0', format: 'an old office document' },
];

function holds(start: Uint8Array, at: number, bytes: string): boolean {
  return Array.from(bytes).every((byte, index) => start[at + index] === byte.charCodeAt(0));
}

function sized(
  needed: number,
  read: (view: DataView) => readonly [width: number, height: number],
): ImageFormat['sizeOf'] {
  return (view) => {
    if (view.byteLength < needed) return undefined;
    const [width, height] = read(view);
    return width > 0 && height > 0 ? { width, height } : undefined;
  };
}

/** Each part says how long it is, up to the one with the size (ITU-T T.81, B.2.2). */
function jpegSize(view: DataView): Size | undefined {
  for (let at = 2; at + 9 <= view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    if (marker === 0xff) at += 1;
    else at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** The three kinds of WebP keep it in three places (RFC 9649). */
function webpSize(view: DataView): Size | undefined {
  if (view.byteLength < 30) return undefined;
  const kind = String.fromCharCode(...[12, 13, 14, 15].map((at) => view.getUint8(at)));
  const threeBytes = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
  switch (kind) {
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: threeBytes(24) + 1, height: threeBytes(27) + 1 };
    default:
      return undefined;
  }
}
