import { failure } from '../agent/toolResults';
import type { CallId } from '../protocol/ids';
import { newMessageId } from '../protocol/ids';
import type { ContentBlock, Message, ToolResultBlock } from '../protocol/messages';

/**
 * Puts a conversation of unsure origin in order, message by message: every call gets its result in the next message, and no
 * result stands without its call. Vendors refuse anything else. The calls of the last message are left to whoever resumes it.
 */
export class PairRepair {
  #asking: Message | undefined;

  /** @returns the messages that stand in the place of this one. */
  next(message: Message): readonly Message[] {
    const asked = this.#asking ? idsAsked(this.#asking) : [];
    const own = withoutOrphans(message, new Set(asked));
    const missing = asked.filter((id) => !answers(own, id));
    this.#asking = own;
    if (missing.length === 0) return own.content.length > 0 || message.content.length === 0 ? [own] : [];
    const lost = missing.map(lostResult);
    if (own.content.some((block) => block.type === 'tool_result'))
      return [{ ...own, content: [...lost, ...own.content] }];
    return [resultsMessage(lost, message.createdAt), ...(own.content.length > 0 ? [own] : [])];
  }
}

function idsAsked({ role, content }: Message): readonly CallId[] {
  return role === 'assistant' ? content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : [])) : [];
}

function answers({ content }: Message, id: CallId): boolean {
  return content.some((block) => block.type === 'tool_result' && block.tool_use_id === id);
}

function withoutOrphans(message: Message, asked: ReadonlySet<CallId>): Message {
  const isOrphan = (block: ContentBlock): boolean => block.type === 'tool_result' && !asked.has(block.tool_use_id);
  if (!message.content.some(isOrphan)) return message;
  return { ...message, content: message.content.filter((block) => !isOrphan(block)) };
}

function lostResult(id: CallId): ToolResultBlock {
  const content = failure('aborted', 'The result of this call was lost.', {
    recommendations: ['Find out what is there before you do it again.'],
  });
  return { type: 'tool_result', tool_use_id: id, content, is_error: true };
}

function resultsMessage(content: readonly ToolResultBlock[], createdAt: number): Message {
  return { id: newMessageId(), role: 'user', content, createdAt, metadata: { kind: 'tool_results' } };
}
