import type { CustomMode, PermissionMode } from '../protocol/modes';

type AnyMode = PermissionMode | CustomMode;

/** What the model is told when the mode is switched; undefined: it notices by itself. */
export function modeTold(before: AnyMode, now: AnyMode): string | undefined {
  if (now === 'plan') return planTold;
  return before === 'plan' ? planEndedTold : undefined;
}

export const planTold =
  'The mode is plan: nothing with an effect runs until the user has agreed to a plan. Look into the task with the tools that only read, then call present_plan.';

const planEndedTold =
  'The mode is no longer plan: tools with an effect may be used again. Do not ask for permission in words; where it is needed, the user is asked.';
