import type { AgentId } from '../../core/protocol/ids';
import type { AppView, ReadOnlyReason } from '../../core/protocol/view';
import { counted } from '../text/numbers';
import type { Found } from './sessionSearch';

/** What is looked at around the conversation. */
export interface AnnouncedApp {
  readonly sessionId?: AgentId;
  readonly deleted?: NonNullable<AppView['deleted']>;
  readonly readOnly: ReadOnlyReason['kind'] | undefined;
  /** The end result of a search in the open list. */
  readonly found?: Found | undefined;
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
    before ? readOnlyText(before, now) : '',
  ];
  return { said: said.filter((text) => text !== '').join(' '), announced: now };
}

function readOnlyText(before: AnnouncedApp, now: AnnouncedApp): string {
  if (now.readOnly === before.readOnly && now.sessionId === before.sessionId) return '';
  if (now.readOnly) return readOnlyTexts[now.readOnly];
  return before.readOnly && now.sessionId === before.sessionId ? 'You can write in this session now.' : '';
}
