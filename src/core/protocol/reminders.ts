import type { MessageId } from './ids';

export const reminderPriorities = ['low', 'medium', 'high'] as const;
/** Where several wait for the model, the more important ones come first; where there are too many, the least important ones go. */
export type ReminderPriority = (typeof reminderPriorities)[number];

export const reminderCategories = ['file', 'todo', 'security', 'performance', 'general'] as const;
/** What a reminder is about, for whoever watches the events. */
export type ReminderCategory = (typeof reminderCategories)[number];

/** What the model reads before its next step without a turn being started. */
export interface HeldReminder {
  /** Of the message that it becomes. */
  readonly id: MessageId;
  readonly text: string;
  readonly category: ReminderCategory;
  readonly priority: ReminderPriority;
  /** Whether the model is told what a reminder is. Absent: it is. */
  readonly isBare?: true;
  /** It takes the place of the one with the same topic that was not read yet. */
  readonly topic?: string;
}
