import { estimateMessage } from '../model/tokens';
import type { Message } from '../protocol/messages';

/**
 * How many of these messages, from the first, a summary may stand for so that about `keepTokens` remain as they are. A call and its
 * result are never parted, and a call that has no result yet always remains. The newest step remains while it is not larger than
 * `newestTokens`: the model may not have seen it yet. All of them, where it is larger; 0: nothing can be summed up.
 */
export function cutPlace(messages: readonly Message[], keepTokens: number, newestTokens: number): number {
  let kept = 0;
  let place: number | undefined;
  for (let index = messages.length - 1; index >= 0; index--) {
    const message = messages[index];
    if (!message) break;
    kept += estimateMessage(message);
    if (kept > (place === undefined ? Math.max(keepTokens, newestTokens) : keepTokens)) break;
    if (canStart(message)) place = index;
  }
  if (place !== undefined) return place;
  return hasOpenCalls(messages.at(-1)) ? lastStart(messages) : messages.length;
}

/** Whether a conversation may go on from here: what is in it needs nothing that comes before. */
function canStart({ role, content }: Message): boolean {
  return role === 'assistant' || !content.some(({ type }) => type === 'tool_result');
}

function hasOpenCalls(last: Message | undefined): boolean {
  return last?.role === 'assistant' && last.content.some(({ type }) => type === 'tool_use');
}

const lastStart = (messages: readonly Message[]): number => Math.max(0, messages.findLastIndex(canStart));
