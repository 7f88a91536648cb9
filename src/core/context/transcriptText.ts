import { estimateTokens } from '../model/tokens';
import type { ContentBlock, Message } from '../protocol/messages';
import { assertNever } from '../util/assertNever';
import { isFromUser, shortened } from './compaction';

/** How much of one thing the summary is made from; what stands in files can be read again. */
const argumentCharacters = 600;
const resultCharacters = 1_500;
const textCharacters = 8_000;

/** Messages as a text to be read, in pieces of at most so many tokens. */
export function transcriptPieces(messages: readonly Message[], maxTokens: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let pieceTokens = 0;
  for (const part of messages.map(messageText).filter((text) => text !== '')) {
    const fitting = indented(shortened(part, Math.max(400, Math.floor(maxTokens * 1.4))));
    const tokens = estimateTokens(fitting);
    if (pieceTokens > 0 && pieceTokens + tokens > maxTokens) {
      pieces.push(piece);
      piece = '';
      pieceTokens = 0;
    }
    piece += `${piece === '' ? '' : '\n\n'}${fitting}`;
    pieceTokens += tokens;
  }
  return piece === '' ? pieces : [...pieces, piece];
}

function messageText(message: Message): string {
  const parts = message.content.map(blockText).filter((text) => text !== '');
  // Nothing that stands in a file may end the material early.
  return parts.length === 0
    ? ''
    : `${speaker(message)}: ${parts.join('\n')}`.replace(/<(?=\/?(conversation|record_so_far)\b)/gi, '‹');
}

/** No line but the first may look as if somebody else began to speak. */
function indented(text: string): string {
  return text.replace(/\r\n|[\n\r\u2028\u2029]/g, '\n  ');
}

function speaker(message: Message): string {
  if (message.role === 'assistant') return 'ASSISTANT';
  if (isFromUser(message)) return 'USER';
  return message.metadata?.['kind'] === 'tool_results' ? 'TOOLS' : 'SYSTEM';
}

function blockText(block: ContentBlock): string {
  switch (block.type) {
    case 'text':
      return shortened(block.text.trim(), textCharacters);
    case 'reasoning':
      return '';
    case 'image':
      return '[an image]';
    case 'audio':
    case 'video':
      return `[a ${block.type} recording]`;
    case 'file':
      return `[the document ${block.filename ?? block.mimeType}]`;
    case 'tool_use':
      return `called ${block.name} ${shortened(JSON.stringify(block.input), argumentCharacters)}`;
    case 'tool_result': {
      const { content } = block;
      const { data, note } = content;
      const said = JSON.stringify(content.ok ? { note, data } : { error: content.error, note, data });
      return `result (${content.ok ? 'ok' : 'failed'}): ${shortened(said, resultCharacters)}`;
    }
    default:
      return assertNever(block);
  }
}
