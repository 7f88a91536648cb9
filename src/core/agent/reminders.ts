import { ConfigError } from '../errors';
import type { AgentEvent } from '../protocol/events';
import { newMessageId, type MessageId } from '../protocol/ids';
import { textOf, type ContentBlock, type Message } from '../protocol/messages';
import {
  reminderCategories,
  reminderPriorities,
  type HeldReminder,
  type ReminderCategory,
  type ReminderPriority,
} from '../protocol/reminders';
import type { AgentInfo } from '../store/store';
import { safeStart } from '../util/safeStart';
import type { Change } from './journal';
import type { AgentState } from './state';
import { withoutFrames } from './frames';

/** How a reminder is put to the model. */
export interface ReminderOptions {
  /** Default 'medium'. */
  readonly priority?: ReminderPriority;
  /** Default 'general'. */
  readonly category?: ReminderCategory;
  /** Leaves out the sentence that says what a reminder is. Default false. */
  readonly skipStandardEnding?: boolean;
}

/** So many wait for the model at most. */
const maxHeld = 50;
const maxCharacters = 8_000;

const ending = 'This is a reminder from the program that runs you, not from the user: mind it, and do not answer it.';

export interface RemindPorts {
  readonly state: Readonly<AgentState>;
  /** @throws StoreError 'closed'. */
  checkOpen(): void;
  record(change: Change): Promise<void>;
}

/** Keeps a reminder for the model. Resolves with the id of its message once it would survive a crash. @throws ConfigError 'invalid_value'. */
export async function remind(
  core: RemindPorts,
  input: string | readonly ContentBlock[],
  opts: ReminderOptions = {},
): Promise<MessageId> {
  core.checkOpen();
  const held = newReminder(input, opts);
  await core.record({
    events: [reminderSent(held)],
    late: () => ({ info: withReminder(core.state.info, held) }),
  });
  return held.id;
}

/** @param topic it takes the place of what was not read yet of the same one. @throws ConfigError 'invalid_value'. */
export function newReminder(
  input: string | readonly ContentBlock[],
  opts: ReminderOptions = {},
  topic?: string,
): HeldReminder {
  const { priority = 'medium', category = 'general', skipStandardEnding = false } = opts;
  if (!reminderPriorities.includes(priority)) throw unknown('priority', priority, reminderPriorities);
  if (!reminderCategories.includes(category)) throw unknown('category', category, reminderCategories);
  const isText = typeof input === 'string' || input.every(({ type }) => type === 'text');
  const text = typeof input === 'string' ? input : textOf({ content: input });
  if (!isText || text.trim() === '')
    throw new ConfigError('invalid_value', `A reminder is text, this one is ${isText ? 'empty' : 'not'}.`, {
      advice: 'Say in words what the model is to mind; send pictures and files as a message.',
    });
  return {
    ...{ id: newMessageId(), text: safeStart(text.trim(), maxCharacters), category, priority },
    ...(skipStandardEnding && { isBare: true }),
    ...(topic !== undefined && { topic }),
  };
}

export function reminderSent({ category, text }: HeldReminder): AgentEvent {
  return { channel: 'monitor', type: 'reminder_sent', category, content: text };
}

/** The info with one more reminder. Where there are too many, the oldest of the least important ones goes. */
export function withReminder(info: AgentInfo, reminder: HeldReminder): AgentInfo {
  const others = (info.reminders ?? []).filter(({ topic }) => topic === undefined || topic !== reminder.topic);
  const held = [...others, reminder];
  const lowest = Math.min(...held.map(rankOf));
  const dropped = held.length > maxHeld ? held.find((one) => rankOf(one) === lowest) : undefined;
  return { ...info, reminders: held.filter((one) => one !== dropped) };
}

/** What waits, each as a message of its own, the most important first. */
export function reminderMessages({ reminders = [] }: AgentInfo, createdAt: number): readonly Message[] {
  return byImportance(reminders).map(({ id, text, category, priority, isBare }): Message => {
    const lines = [withoutFrames(text), ...(isBare ? [] : [ending])];
    const framed = `<system-reminder category="${category}">\n${lines.join('\n')}\n</system-reminder>`;
    return {
      ...{ id, role: 'user', content: [{ type: 'text', text: framed }], createdAt },
      metadata: { kind: 'reminder', category, priority },
    };
  });
}

function byImportance(held: readonly HeldReminder[]): readonly HeldReminder[] {
  return held.toSorted((one, other) => rankOf(other) - rankOf(one));
}

function rankOf({ priority }: HeldReminder): number {
  return reminderPriorities.indexOf(priority);
}

function unknown(what: string, given: string, known: readonly string[]): ConfigError {
  return new ConfigError('invalid_value', `A reminder has no ${what} ${JSON.stringify(given)}.`, {
    advice: `Use one of ${known.join(', ')}.`,
  });
}
