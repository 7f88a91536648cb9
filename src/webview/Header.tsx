import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { AppView } from '../core/protocol/view';
import { SessionList } from './SessionList';
import { IconButton } from './ui/Button';
import { Icon } from './ui/icons';
import { usePanel } from './ui/panelContext';

/** Which session is shown, the way to the others, and a new one. */
export function Header() {
  const panel = usePanel();
  const app = panel.app.value;
  const open = useSignal(false);
  const header = useRef<HTMLElement>(null);
  const picker = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    open.value = false;
    picker.current?.focus();
  };
  useEffect(() => {
    const onPointerDown = (event: PointerEvent): void => {
      if (event.target instanceof Node && !header.current?.contains(event.target)) open.value = false;
    };
    document.addEventListener('pointerdown', onPointerDown);
    return () => document.removeEventListener('pointerdown', onPointerDown);
  }, [open]);
  if (!app || app.sessions.length === 0) return null;
  return (
    <header class="header" ref={header} onKeyDown={(event) => event.key === 'Escape' && open.value && close()}>
      <button
        ref={picker}
        type="button"
        class="picker"
        aria-expanded={open.value}
        title={shownTitle(app)}
        onClick={() => (open.value = !open.value)}
      >
        <span class="visually-hidden">Sessions: </span>
        <span class="picker-title">{panel.session.value?.title ?? shownTitle(app)}</span>
        <Icon name="chevronDown" />
        {waitingElsewhere(app) && (
          <span class="badge waiting-mark">
            <Icon name="ask" />
            Waiting
          </span>
        )}
      </button>
      <IconButton icon="add" label="New session" onClick={() => panel.post({ type: 'session.new' })} />
      {open.value && <SessionList app={app} close={close} />}
    </header>
  );
}

function shownTitle(app: AppView): string {
  return app.sessions.find((session) => session.sessionId === app.activeSessionId)?.title ?? 'Sessions';
}

function waitingElsewhere(app: AppView): boolean {
  return app.sessions.some((session) => session.openApprovals > 0 && session.sessionId !== app.activeSessionId);
}
