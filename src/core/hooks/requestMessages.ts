import { newMessageId } from '../protocol/ids';
import type { ContentBlock, Message } from '../protocol/messages';
import type { RequestMessage } from './hooks';
import { refuseResult, type HookPlace } from './runHook';

/**
 * What a `preModel` hook gave back, as messages that a vendor takes: every call is followed by its result, and no result stands
 * alone. @throws HookError 'hook_result', naming the message.
 */
export function requestMessages(value: unknown, place: HookPlace, now: number): readonly Message[] {
  if (!Array.isArray(value) || value.length === 0)
    return refuseResult(place, 'no messages', 'Return a new array of messages, at least one, or nothing.');
  const messages = value.map((one: unknown, index): Message => {
    if (!isMessage(one))
      return refuseResult(
        place,
        `a message that is none, at place ${index}`,
        'Give every message a role and content blocks.',
      );
    return { ...one, id: one.id ?? newMessageId(), createdAt: one.createdAt ?? now };
  });
  const parted = partedCall(messages);
  if (parted === undefined) return messages;
  return refuseResult(
    place,
    `messages in which the call ${JSON.stringify(parted)} and its result are not together`,
    'Keep or leave out an answer with calls and the message with their results as one; results stand right behind their calls.',
  );
}

const roles: readonly unknown[] = ['user', 'assistant', 'system'];

function isMessage(value: unknown): value is RequestMessage {
  if (typeof value !== 'object' || value === null || !('role' in value) || !('content' in value)) return false;
  const isBlock = (block: unknown): boolean => typeof block === 'object' && block !== null && 'type' in block;
  return roles.includes(value.role) && Array.isArray(value.content) && value.content.every(isBlock);
}

/** The first call without a result right behind it, or the first result without a call right before it. */
function partedCall(messages: readonly Message[]): string | undefined {
  let open = new Set<string>();
  for (const { role, content } of messages) {
    const answered = resultsIn(content);
    const stray = answered.find((id) => !open.delete(id));
    if (stray !== undefined) return stray;
    const [left] = open;
    if (left !== undefined) return left;
    open = new Set(role === 'assistant' ? callsIn(content) : []);
  }
  const [last] = open;
  return last;
}

function callsIn(content: readonly ContentBlock[]): readonly string[] {
  return content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
}

function resultsIn(content: readonly ContentBlock[]): readonly string[] {
  return content.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
}
