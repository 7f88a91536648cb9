import { newReminder, reminderSent, withReminder } from '../agent/reminders';
import type { Change } from '../agent/journal';
import type { AgentState } from '../agent/state';
import { startLimit, untilAborted } from '../agent/timeLimit';
import type { AgentEvent } from '../protocol/events';
import type { FilePool, OutsideChange } from './filePool';

/** A step waits no longer than this for files to be looked at. */
const limitMs = 500;
const maxListed = 20;

export interface TellChangesPorts {
  readonly files: FilePool;
  readonly state: Readonly<AgentState>;
  readonly record: (change: Change) => Promise<unknown>;
}

/** Before a step: tells the model which files are not as it knows them any more, by one reminder. @throws StoreError. */
export async function tellChanges({ files, state, record }: TellChangesPorts, signal: AbortSignal): Promise<void> {
  if (files.isEmpty) return;
  const limit = startLimit(limitMs);
  const limited = AbortSignal.any([signal, limit.signal]);
  const changes = await untilAborted(files.newChanges(limited), limited)
    .catch(() => []) // A file system that does not answer: what it holds is found out when it does.
    .finally(limit.clear);
  if (changes.length === 0) return;
  const reminder = newReminder(textOf(changes), { category: 'file' });
  await record({
    events: [...changes.map(eventOf), reminderSent(reminder)],
    late: () => ({ info: withReminder(state.info, reminder) }),
  });
}

function eventOf({ path, modifiedMs }: OutsideChange): AgentEvent {
  const event = { channel: 'monitor', type: 'file_changed_outside', path } as const;
  return modifiedMs === undefined ? event : { ...event, modifiedMs };
}

function textOf(changes: readonly OutsideChange[]): string {
  const lines = changes.slice(0, maxListed).map(({ path, kind }) => `- ${path}${kind === 'gone' ? ' (is gone)' : ''}`);
  const more = changes.length > maxListed ? [`and ${changes.length - maxListed} more`] : [];
  return [
    'These files are not as you last read or wrote them; the user, another agent or a program has changed them:',
    ...lines,
    ...more,
    'Read a file again before you build on what it held. Leave such changes in place unless the user wants them gone.',
  ].join('\n');
}
