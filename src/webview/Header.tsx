import { useRef } from 'preact/hooks';
import type { AppView, SessionView } from '../core/protocol/view';
import { startStep } from './models/startStep';
import { SandboxMark, SandboxPlace } from './SandboxMark';
import { IconButton } from './ui/Button';
import { Icon } from './ui/icons';
import { usePanel } from './ui/panelContext';
import { useFocusBack } from './ui/useFocusBack';

/** Which session is shown, the way to the others, and a new one. */
export function Header() {
  const panel = usePanel();
  const app = panel.app.value;
  const search = panel.sessionSearch;
  const picker = useRef<HTMLButtonElement>(null);
  const open = search.isOpen.value;
  useFocusBack(open, picker);
  if (!app || !hasSessions(app)) return null;
  const isWaiting = waitingElsewhere(app);
  const title = shownTitle(app, panel.session.value);
  const startNew = (): void => {
    panel.post({ type: 'session.new' });
    panel.closePages();
    queueMicrotask(panel.focusComposer);
  };
  return (
    <header class="header" onKeyDown={(event) => event.key === 'Escape' && open && search.close()}>
      <button
        ref={picker}
        type="button"
        class="picker"
        aria-expanded={open}
        aria-controls={open ? 'session-list' : undefined}
        title={title}
        onClick={open ? search.close : search.open}
      >
        <span class="visually-hidden">Sessions: </span>
        <span class="picker-title">{title}</span>
        <Icon name="chevronDown" />
        {isWaiting && (
          <span class="badge waiting-mark">
            <Icon name="ask" />
            Waiting
          </span>
        )}
      </button>
      {app.containment ? <SandboxMark containment={app.containment} brief={isWaiting} /> : <SandboxPlace />}
      <IconButton icon="add" label="New session" onClick={startNew} />
    </header>
  );
}

/** In the very first steps there is nothing to pick and nothing to begin. */
function hasSessions(app: AppView): boolean {
  return app.sessions.length > 0 || (app.storage?.sessions ?? 0) > 0 || startStep(app) === 'ready';
}

/** The name that a person gave stands in the list; the conversation's own view knows only its first message. */
function shownTitle(app: AppView, view: SessionView | undefined): string {
  const listed = app.sessions.find((session) => session.sessionId === app.activeSessionId);
  return listed?.title ?? view?.title ?? 'Sessions';
}

function waitingElsewhere(app: AppView): boolean {
  return app.sessions.some((session) => session.openApprovals > 0 && session.sessionId !== app.activeSessionId);
}
