import { newMessageId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { AgentInfo, Batch } from '../store/store';
import { safeStart } from '../util/safeStart';
import type { TurnPorts } from './turnPorts';

/** What the model is told at once; more of it waits for nothing, the oldest goes. */
const maxTexts = 50;
const maxCharacters = 8_000;

/** The info with one more text for the model, which it reads before its next step. It waits there over restarts. */
export function withTold(info: AgentInfo, text: string): AgentInfo {
  const told = [...(info.told ?? []), safeStart(text, maxCharacters)];
  return { ...info, told: told.slice(-maxTexts) };
}

/** The first messages of a turn: what waits for the model is told before the user's own message, which is what it answers. */
export function beginning(
  info: AgentInfo,
  left: readonly Message[],
  message: Message,
): Pick<Batch, 'messages' | 'info'> {
  const { told = [], ...rest } = info;
  if (told.length === 0) return { messages: [...left, message] };
  return { info: rest, messages: [...left, messageOf(told, message.createdAt), message] };
}

/** Gives the model what waits for it, as one message. Every call of the last answer has its result by now. */
export async function tellHeld({ state, record, now }: Pick<TurnPorts, 'state' | 'record' | 'now'>): Promise<void> {
  if ((state.info.told ?? []).length === 0) return;
  await record({
    events: [],
    late: () => {
      const { told = [], ...info } = state.info;
      return told.length === 0 ? {} : { info, messages: [messageOf(told, now())] };
    },
  });
}

function messageOf(told: readonly string[], createdAt: number): Message {
  const text = `<user_review>\n${told.map(withoutFrame).join('\n\n')}\n</user_review>`;
  return { id: newMessageId(), role: 'user', content: [{ type: 'text', text }], createdAt, metadata: { kind: 'told' } };
}

/** What is told holds text of files: none of it may end the frame and speak for the user outside of it. */
function withoutFrame(text: string): string {
  return text.replace(/<(?=\s*\/?\s*user_review)/gi, '&lt;');
}
