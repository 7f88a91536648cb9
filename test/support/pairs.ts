import type { Message } from '../../src/core/protocol/messages';

/** What is wrong with the calls and results of a conversation: each call has its result in the very next message (I10). */
export function brokenPairs(messages: readonly Message[]): readonly string[] {
  return messages.flatMap((message, place) => {
    const asked = idsOf(message, 'tool_use');
    const answered = new Set(idsOf(messages[place + 1], 'tool_result'));
    const before = new Set(idsOf(messages[place - 1], 'tool_use'));
    return [
      ...asked.filter((id) => !answered.has(id)).map((id) => `message ${place}: ${id} has no result`),
      ...idsOf(message, 'tool_result')
        .filter((id) => !before.has(id))
        .map((id) => `message ${place}: the result of ${id} has no call`),
    ];
  });
}

function idsOf(message: Message | undefined, type: 'tool_use' | 'tool_result'): readonly string[] {
  return (message?.content ?? []).flatMap((block) => {
    if (block.type === 'tool_use') return type === 'tool_use' ? [block.id] : [];
    return block.type === 'tool_result' && type === 'tool_result' ? [block.tool_use_id] : [];
  });
}
