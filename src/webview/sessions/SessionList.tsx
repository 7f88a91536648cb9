import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { AgentId } from '../../core/protocol/ids';
import type { AppView, SessionRow } from '../../core/protocol/view';
import { DeletedBar } from '../DeletedBar';
import { groupedEntries, plainEntries } from '../models/sessionGroups';
import { isComposing } from '../ui/isComposing';
import { usePanel } from '../ui/panelContext';
import { NothingFound } from './NothingFound';
import { SearchField } from './SearchField';
import { SessionListFooter } from './SessionListFooter';
import { SessionRows } from './SessionRows';

/** All sessions, in the place of the conversation while it is open: search, rows, what they take on disk. */
export function SessionList({ app }: { readonly app: AppView }) {
  const panel = usePanel();
  const { sessionSearch: search } = panel;
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLElement>(null);
  const focusField = (): void => field.current?.focus();
  useLayoutEffect(focusField, []);
  const query = search.query.value.trim();
  const found = search.found.value;
  const now = useMemo(() => Date.now(), [found]);
  const entries = useMemo(() => {
    const rows = (found?.rows ?? []).map((row) => withLiveState(row, app));
    return found?.query === '' ? groupedEntries(rows, now) : plainEntries(rows, now);
  }, [found, app, now]);
  const openSession = (sessionId: AgentId): void => {
    panel.select(sessionId);
    search.close();
    // After the components: what lies under the list takes no focus while it is open.
    queueMicrotask(panel.focusComposer);
  };
  const first = entries.find((entry) => entry.kind === 'session');
  const onFieldKey = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    if (event.key === 'ArrowDown') list.current?.querySelector<HTMLElement>('[data-part="open"]')?.focus();
    else if (event.key === 'Enter' && first && found?.query === query) openSession(first.row.sessionId);
    else return;
    event.preventDefault();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !isComposing(event)) search.close();
  };
  return (
    <section id="session-list" class="session-list" aria-label="Sessions" ref={list} onKeyDown={onKeyDown}>
      <SearchField fieldRef={field} onKeyDown={onFieldKey} />
      {found && entries.length === 0 ? (
        <NothingFound query={query} focusField={focusField} />
      ) : (
        <SessionRows
          key={found?.query ?? ''}
          entries={entries}
          shownId={app.activeSessionId}
          query={found?.query ?? ''}
          onOpen={openSession}
          focusField={focusField}
        />
      )}
      <DeletedBar deleted={app.deleted} refocus={focusField} />
      <SessionListFooter app={app} />
    </section>
  );
}

/** What this window knows of its own sessions is newer than the answer to a search. */
function withLiveState(row: SessionRow, app: AppView): SessionRow {
  const live = app.sessions.find((session) => session.sessionId === row.sessionId);
  return live ? { ...row, state: live.state, openApprovals: live.openApprovals } : row;
}
