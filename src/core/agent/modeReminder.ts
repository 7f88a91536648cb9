import type { CustomMode, PermissionMode } from '../protocol/modes';
import type { HeldReminder } from '../protocol/reminders';
import { newReminder } from './reminders';

type AnyMode = PermissionMode | CustomMode;

/** What the model is reminded of when the mode is switched; undefined: it notices by itself. */
export function modeReminder(before: AnyMode, now: AnyMode): HeldReminder | undefined {
  if (before === now) return undefined;
  if (now === 'plan') return planReminder();
  return before === 'plan' ? reminderOf(planEndedText) : undefined;
}

export const planReminder = (): HeldReminder => reminderOf(planText);

/** Of a switch to and fro that it has not read yet it reads the end alone. */
function reminderOf(text: string): HeldReminder {
  return newReminder(text, { priority: 'high' }, 'mode');
}

const planText =
  'The mode is plan: nothing with an effect runs until the user has agreed to a plan. Look into the task with the tools that only read, then call present_plan.';

const planEndedText =
  'The mode is no longer plan: tools with an effect may be used again. Do not ask for permission in words; where it is needed, the user is asked.';
