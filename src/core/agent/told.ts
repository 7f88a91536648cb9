import { newMessageId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { AgentInfo, Batch } from '../store/store';
import { safeStart } from '../util/safeStart';
import { withoutFrames } from './frames';
import { reminderMessages } from './reminders';
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
  if (!isHeld(info)) return { messages: [...left, message] };
  return { info: withoutHeld(info), messages: [...left, ...heldMessages(info, message.createdAt), message] };
}

/** Gives the model what waits for it, as one message. Every call of the last answer has its result by now. */
export async function tellHeld({ state, record, now }: Pick<TurnPorts, 'state' | 'record' | 'now'>): Promise<void> {
  if (!isHeld(state.info)) return;
  await record({
    events: [],
    late: () =>
      isHeld(state.info) ? { info: withoutHeld(state.info), messages: heldMessages(state.info, now()) } : {},
  });
}

function isHeld({ told = [], reminders = [] }: AgentInfo): boolean {
  return told.length + reminders.length > 0;
}

function withoutHeld({ told: _told, reminders: _reminders, ...info }: AgentInfo): AgentInfo {
  return info;
}

/** What the user said of its work comes last: it counts most. */
function heldMessages(info: AgentInfo, createdAt: number): readonly Message[] {
  const { told = [] } = info;
  return [...reminderMessages(info, createdAt), ...(told.length > 0 ? [messageOf(told, createdAt)] : [])];
}

function messageOf(told: readonly string[], createdAt: number): Message {
  const text = `<user_review>\n${told.map(withoutFrames).join('\n\n')}\n</user_review>`;
  return { id: newMessageId(), role: 'user', content: [{ type: 'text', text }], createdAt, metadata: { kind: 'told' } };
}
