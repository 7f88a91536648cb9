import type { AgentId } from '../../core/protocol/ids';
import type { AppView, ReadOnlyReason } from '../../core/protocol/view';
import { counted } from '../text/numbers';
import type { TestState } from './connectionTest';
import type { Found } from './sessionSearch';

/** What is looked at around the conversation. */
export interface AnnouncedApp {
  readonly sessionId?: AgentId;
  readonly deleted?: NonNullable<AppView['deleted']>;
  readonly readOnly: ReadOnlyReason['kind'] | undefined;
  /** The end result of a search in the open list. */
  readonly found?: Found | undefined;
  /** How many rules the open list has. */
  readonly rules?: number | undefined;
  /** The test of a connection in the open model picker. */
  readonly test?: TestState | undefined;
}

const readOnlyTexts: Readonly<Record<ReadOnlyReason['kind'], string>> = {
  held: 'Read only: this session is held elsewhere.',
  otherFolder: 'Read only: this session belongs to another folder.',
  damaged: 'Read only: this session is damaged.',
  gone: 'Read only: this session was deleted in another window.',
};

/** The next thing for the live region: a deleted session and its way back, how many were found, whether one can write. */
export function announceApp(
  before: AnnouncedApp | undefined,
  now: AnnouncedApp,
): { readonly said: string; readonly announced: AnnouncedApp } {
  const { deleted, found } = now;
  const said = [
    deleted && deleted.sessionId !== before?.deleted?.sessionId
      ? `Deleted ${deleted.title}. The Undo button brings it back.`
      : '',
    found && found.query !== '' && found !== before?.found
      ? `${counted(found.total, 'session', 'sessions')} found.`
      : '',
    now.test && now.test !== before?.test ? testText(now.test) : '',
    before ? readOnlyText(before, now) : '',
    now.rules !== undefined && now.rules < (before?.rules ?? 0)
      ? `Removed. ${counted(now.rules, 'rule is', 'rules are')} left.`
      : '',
  ];
  return { said: said.filter((text) => text !== '').join(' '), announced: now };
}

function readOnlyText(before: AnnouncedApp, now: AnnouncedApp): string {
  if (now.readOnly === before.readOnly && now.sessionId === before.sessionId) return '';
  if (now.readOnly) return readOnlyTexts[now.readOnly];
  return before.readOnly && now.sessionId === before.sessionId ? 'You can write in this session now.' : '';
}

function testText(test: TestState): string {
  if (test.kind === 'running') return 'Testing the connection.';
  const { result } = test;
  return result.ok ? `It works. ${result.model} answered.` : `${result.message} ${result.advice}`;
}
