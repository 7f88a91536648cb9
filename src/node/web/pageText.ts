import { htmlText } from './htmlText';

/**
 * The readable text of a page: HTML as text with its links, 2 MB at most, everything else as it is. Odd bytes become `�`.
 * @throws the signal's reason, nothing else.
 */
export async function pageText(
  bytes: Buffer,
  contentType: string,
  url: URL,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly truncated: boolean }> {
  const isHtml =
    /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(contentType) || (contentType === '' && looksLikeHtml(bytes));
  const text = decoder(bytes, contentType, isHtml).decode(bytes);
  return isHtml ? htmlText(text, url, signal) : { text, truncated: false };
}

/** As browsers do: byte order mark, header, what the page says of itself in its first kilobyte, else UTF-8. */
function decoder(bytes: Buffer, contentType: string, isHtml: boolean): TextDecoder {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be');
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return new TextDecoder();
  const head = isHtml ? bytes.subarray(0, 1_024).toString('latin1') : '';
  const labels = [
    /charset\s*=\s*["']?([\w-]+)/i.exec(contentType)?.[1],
    /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1],
  ];
  for (const label of labels) {
    if (label === undefined) continue;
    try {
      return new TextDecoder(label);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // No encoding of that name.
    }
  }
  return new TextDecoder();
}

function looksLikeHtml(bytes: Buffer): boolean {
  return /^\s*<(!doctype html|html|head|body)\b/i.test(bytes.subarray(0, 256).toString('latin1'));
}
