import type { ContentBlock, Message } from '../protocol/messages';
import type { JsonObject } from '../util/json';

/**
 * About how many tokens a text has: a rough figure without a tokenizer, which would be 2 MB. Corrected by what the vendor counts
 * (see ContextMeter).
 */
export function estimateTokens(text: string): number {
  let ascii = 0;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) < 128) ascii++;
  return Math.ceil(ascii / 3.6 + (text.length - ascii) / 1.5);
}

/** The same for a text of which only the length is known. */
export const estimateCharacters = (count: number): number => Math.ceil(count / 3.6);

/** A picture of usual size; vendors count 250 to 3,000. */
const imageTokens = 1_600;
/** A page of text in a PDF has some 3 KB and 800 tokens; as base64 that is 5 characters for each. */
const fileCharactersPerToken = 5;
/** Roles, separators and what a vendor puts around a message. */
const messageTokens = 8;

const known = new WeakMap<Message, number>();

export function estimateMessage(message: Message): number {
  const before = known.get(message);
  if (before !== undefined) return before;
  const tokens = message.content.reduce((sum, block) => sum + estimateBlock(block), messageTokens);
  known.set(message, tokens);
  return tokens;
}

export const estimateMessages = (messages: readonly Message[]): number =>
  messages.reduce((sum, message) => sum + estimateMessage(message), 0);

/** What stands before every conversation: the system prompt and the tools. */
export function estimateFixed(
  system: string,
  tools: readonly { readonly name: string; readonly description: string; readonly inputSchema: JsonObject }[],
): number {
  return estimateTokens(system) + (tools.length === 0 ? 0 : estimateTokens(JSON.stringify(tools)));
}

function estimateBlock(block: ContentBlock): number {
  switch (block.type) {
    case 'text':
      return estimateTokens(block.text);
    case 'reasoning':
      return estimateTokens(block.reasoning) + (block.meta ? estimateTokens(JSON.stringify(block.meta.data)) : 0);
    case 'image':
      return imageTokens;
    case 'file':
    case 'audio':
    case 'video':
      return Math.ceil(block.base64.length / fileCharactersPerToken);
    case 'tool_use':
      return estimateTokens(block.name) + estimateTokens(JSON.stringify(block.input));
    case 'tool_result':
      return estimateTokens(JSON.stringify(block.content));
  }
}
