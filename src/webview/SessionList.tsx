import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { AppView, SessionSummary } from '../core/protocol/view';
import { assertNever } from '../core/util/assertNever';
import { IconButton } from './ui/Button';
import { Icon, type IconName } from './ui/icons';
import { usePanel } from './ui/panelContext';

/** The sessions under the picker: state as icon and word, a click shows one, deleting asks once. */
export function SessionList({ app, close }: { readonly app: AppView; readonly close: () => void }) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => list.current?.querySelector<HTMLElement>('[aria-current="true"], .session')?.focus(), []);
  return (
    <ul class="sessions" ref={list} aria-label="Sessions" onKeyDown={(event) => moveFocus(event, list.current)}>
      {app.sessions.map((session) => (
        <SessionRow
          key={session.sessionId}
          session={session}
          active={session.sessionId === app.activeSessionId}
          close={close}
        />
      ))}
    </ul>
  );
}

interface RowProps {
  readonly session: SessionSummary;
  readonly active: boolean;
  readonly close: () => void;
}

function SessionRow({ session, active, close }: RowProps) {
  const panel = usePanel();
  const asking = useSignal(false);
  const { icon, word } = sessionState(session);
  const select = (): void => {
    if (!active) panel.post({ type: 'session.select', sessionId: session.sessionId });
    close();
  };
  return (
    <li class={`session-row ${active ? 'active' : ''}`}>
      <button type="button" class="session" aria-current={active ? 'true' : undefined} onClick={select}>
        <Icon
          name={icon}
          className={`state-${session.openApprovals > 0 ? 'attention' : session.state.toLowerCase()}`}
        />
        <span class="session-title">{session.title}</span>
        {word !== '' && <span class="session-word">{word}</span>}
      </button>
      {asking.value ? (
        <button
          type="button"
          class="confirm-delete"
          aria-label={`Really delete ${session.title}`}
          onClick={() => panel.post({ type: 'session.delete', sessionId: session.sessionId })}
          onBlur={() => (asking.value = false)}
          ref={(button) => button?.focus()}
        >
          Delete?
        </button>
      ) : (
        <IconButton icon="trash" label={`Delete ${session.title}`} onClick={() => (asking.value = true)} />
      )}
    </li>
  );
}

function sessionState(session: SessionSummary): { readonly icon: IconName; readonly word: string } {
  if (session.openApprovals > 0) return { icon: 'ask', word: 'Needs you' };
  switch (session.state) {
    case 'WORKING':
      return { icon: 'more', word: 'Working' };
    case 'PAUSED':
      return { icon: 'pause', word: 'Paused' };
    case 'READY':
      return { icon: 'circle', word: '' };
    default:
      return assertNever(session.state);
  }
}

function moveFocus(event: KeyboardEvent, list: HTMLElement | null): void {
  if (!list || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
  const rows = Array.from(list.querySelectorAll<HTMLElement>('.session'));
  const row = event.target instanceof Element ? event.target.closest('li')?.querySelector('.session') : undefined;
  const index = rows.findIndex((element) => element === row) + (event.key === 'ArrowDown' ? 1 : -1);
  rows[Math.min(Math.max(index, 0), rows.length - 1)]?.focus();
  event.preventDefault();
}
