import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { AgentId } from '../../core/protocol/ids';
import type { HostMessage, Op } from '../../core/protocol/ops';
import type { AppView, SessionRow } from '../../core/protocol/view';
import { laterByTimer, type Later } from './later';

/** What the list shows: the newest answer to the query in the field. */
export interface Found {
  readonly query: string;
  readonly rows: readonly SessionRow[];
  readonly total: number;
  readonly done: boolean;
}

/** The open session list: what is searched for, what was found, and what a person does to a row. */
export interface SessionSearch {
  readonly isOpen: ReadonlySignal<boolean>;
  readonly query: ReadonlySignal<string>;
  readonly anyFolder: ReadonlySignal<boolean>;
  /** The last answer stays until the next one is there; undefined before the first. */
  readonly found: ReadonlySignal<Found | undefined>;
  /** Whether answers are still to come. */
  readonly searching: ReadonlySignal<boolean>;
  /** The row whose title is being written. */
  readonly renaming: Signal<{ readonly sessionId: AgentId; readonly title: string } | undefined>;
  readonly open: () => void;
  readonly close: () => void;
  readonly setQuery: (query: string) => void;
  readonly setAnyFolder: (anyFolder: boolean) => void;
  readonly rename: (sessionId: AgentId, title: string) => void;
  readonly pin: (sessionId: AgentId, pinned: boolean) => void;
  readonly remove: (sessionId: AgentId) => void;
  readonly restore: (sessionId: AgentId) => void;
  readonly receive: (message: Extract<HostMessage, { type: 'found' }>) => void;
  readonly receiveApp: (app: AppView) => void;
  /** An op has failed: what was shown ahead of the host's answer is taken back. */
  readonly forgetChanges: () => void;
}

const debounceMs = 120;
/** Nothing was heard for so long: the search is not shown as going on any more. */
const silenceMs = 10_000;
const maxTitleCharacters = 200;

/** What a person did to a row, shown at once: the host's next answers may still be from before. */
type Change = { readonly title?: string; readonly pinned?: boolean; readonly gone?: true };

export function createSessionSearch(post: (op: Op) => void, later: Later = laterByTimer): SessionSearch {
  const isOpen = signal(false);
  const found = signal<Found | undefined>(undefined);
  const renaming: SessionSearch['renaming'] = signal(undefined);
  const changes = new Map<AgentId, Change>();
  const question = createQuestion(post, later);
  const { query, anyFolder } = question;
  let last: AppView | undefined;
  const close = (): void => {
    isOpen.value = false;
    renaming.value = undefined;
    question.callOff();
  };
  return {
    ...{ isOpen, query, anyFolder, found, renaming, searching: question.searching },
    ...rowActions(post, { found, renaming, changes }),
    open() {
      if (found.value?.query !== '') found.value = undefined;
      query.value = '';
      changes.clear();
      isOpen.value = true;
      question.ask();
    },
    close,
    setQuery(text) {
      query.value = text;
      renaming.value = undefined;
      question.ask(debounceMs);
    },
    setAnyFolder(value) {
      anyFolder.value = value;
      question.ask();
    },
    receive(message) {
      // The answer to an older query: what was typed since then counts.
      if (!isOpen.value || message.query !== query.value.trim()) return;
      const { rows, total, done } = message;
      found.value = withChanges({ query: message.query, rows, total, done }, changes);
      question.heard(done);
    },
    receiveApp(app) {
      const before = last;
      last = app;
      if (!isOpen.value || !before) return;
      const shown = before.activeSessionId;
      // Another session is shown, and not because this one was deleted: one was imported, or chosen elsewhere.
      if (shown !== app.activeSessionId && shown !== undefined && !changes.get(shown)?.gone) close();
      // It came back, or is gone for good: the list is asked for again when that has happened, not when it was wished.
      else if (before.deleted && before.deleted.sessionId !== app.deleted?.sessionId) question.ask();
    },
    forgetChanges() {
      if (changes.size === 0) return;
      changes.clear();
      if (isOpen.value) question.ask();
    },
  };
}

/** What is asked of the host, when, and whether an answer may still come. */
function createQuestion(post: (op: Op) => void, later: Later) {
  const query = signal('');
  const anyFolder = signal(false);
  const searching = signal(false);
  let callOffAsking = (): void => undefined;
  let callOffSilence = (): void => undefined;
  const listen = (): void => {
    callOffSilence();
    searching.value = true;
    callOffSilence = later(() => (searching.value = false), silenceMs);
  };
  const rest = (): void => {
    callOffSilence();
    searching.value = false;
  };
  const send = (): void => post({ type: 'session.search', query: query.value.trim(), anyFolder: anyFolder.value });
  return {
    ...{ query, anyFolder, searching },
    ask(delayMs = 0): void {
      callOffAsking();
      listen();
      if (delayMs === 0) send();
      else callOffAsking = later(send, delayMs);
    },
    heard: (done: boolean): void => (done ? rest() : listen()),
    callOff(): void {
      callOffAsking();
      rest();
    },
  };
}

interface Rows extends Pick<SessionSearch, 'renaming'> {
  readonly found: Signal<Found | undefined>;
  readonly changes: Map<AgentId, Change>;
}

function rowActions(
  post: (op: Op) => void,
  { found, renaming, changes }: Rows,
): Pick<SessionSearch, 'rename' | 'pin' | 'remove' | 'restore'> {
  const change = (sessionId: AgentId, next: Change): void => {
    changes.set(sessionId, { ...changes.get(sessionId), ...next });
    if (found.value) found.value = withChanges(found.value, changes);
  };
  return {
    rename(sessionId, written) {
      renaming.value = undefined;
      const title = written.replace(/\s+/gu, ' ').trim().slice(0, maxTitleCharacters);
      if (title === '' || title === found.value?.rows.find((row) => row.sessionId === sessionId)?.title) return;
      change(sessionId, { title });
      post({ type: 'session.rename', sessionId, title });
    },
    pin(sessionId, pinned) {
      change(sessionId, { pinned });
      post({ type: 'session.pin', sessionId, pinned });
    },
    remove(sessionId) {
      change(sessionId, { gone: true });
      post({ type: 'session.delete', sessionId });
    },
    restore(sessionId) {
      changes.delete(sessionId);
      post({ type: 'session.restore', sessionId });
    },
  };
}

function withChanges(found: Found, changes: ReadonlyMap<AgentId, Change>): Found {
  const rows = found.rows.flatMap((row): readonly SessionRow[] => {
    const { gone, ...changed } = changes.get(row.sessionId) ?? {};
    return gone ? [] : [{ ...row, ...changed }];
  });
  return { ...found, rows, total: found.total - (found.rows.length - rows.length) };
}
