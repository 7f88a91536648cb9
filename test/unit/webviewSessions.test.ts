import { strict as assert } from 'node:assert';
import type { HostMessage, Op } from '../../src/core/protocol/ops';
import { parseOp } from '../../src/core/protocol/parse';
import type { AppView, SessionRow } from '../../src/core/protocol/view';
import { announceApp } from '../../src/webview/models/appAnnouncer';
import { groupedEntries } from '../../src/webview/models/sessionGroups';
import { createSessionSearch } from '../../src/webview/models/sessionSearch';
import { agentId } from '../look/sessionScript';

const first = agentId('agt-first');
const second = agentId('agt-second');
const now = new Date(2026, 2, 10, 15, 30).getTime();
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

function row(title: string, more: Partial<SessionRow> = {}): SessionRow {
  const rest = { state: 'READY', openApprovals: 0, pinned: false, updatedAt: now, held: false } as const;
  return { sessionId: agentId(`agt-${title.toLowerCase().replaceAll(' ', '-')}`), title, ...rest, ...more };
}

const found = (query: string, rows: readonly SessionRow[], done = true): Extract<HostMessage, { type: 'found' }> => ({
  ...{ type: 'found', query, rows, total: rows.length, done },
});

const app = (deleted?: AppView['deleted']): AppView => ({
  ...{ sessions: [], workspace: { folders: ['shop'], trusted: true }, instructions: [], demoWorkspace: false },
  ...{ mode: 'ask', pending: [] },
  ...(deleted && { deleted }),
});

/** A list whose clock the test moves. */
function opened() {
  const posted: Op[] = [];
  let timers: { readonly callback: () => void; readonly at: number }[] = [];
  let clockMs = 0;
  const search = createSessionSearch(
    (op) => {
      assert.ok(parseOp(op).ok, JSON.stringify(op));
      posted.push(op);
    },
    (callback, delayMs) => {
      const timer = { callback, at: clockMs + delayMs };
      timers.push(timer);
      return () => (timers = timers.filter((other) => other !== timer));
    },
  );
  search.open();
  return {
    search,
    /** What was posted since the last call. */
    posted: () => posted.splice(0),
    titles: () => search.found.value?.rows.map(({ title }) => title),
    pass: (ms: number) => {
      clockMs += ms;
      const due = timers.filter(({ at }) => at <= clockMs);
      timers = timers.filter(({ at }) => at > clockMs);
      for (const { callback } of due) callback();
    },
  };
}

const asked = (query: string, anyFolder = false): Op => ({ type: 'session.search', query, anyFolder });

describe('the search over sessions', () => {
  it('asks for all when the list opens, and 120 ms after the last key for what was typed', () => {
    const { search, posted, pass } = opened();
    assert.deepEqual(posted(), [asked('')]);
    search.setQuery('par');
    pass(100);
    search.setQuery('parser ');
    pass(119);
    assert.deepEqual(posted(), []);
    pass(1);
    assert.deepEqual(posted(), [asked('parser')]);
  });

  it('drops the answer to an older query and takes each answer to the newest', () => {
    const { search, titles } = opened();
    search.receive(found('', [row('All')]));
    search.setQuery('parser');
    search.receive(found('', [row('Old')]));
    assert.deepEqual(titles(), ['All'], 'what was found stays until something newer is there');
    search.receive(found('parser', [row('Title')], false));
    search.receive(found('parser', [row('Title'), row('Text')]));
    search.receive(found('pars', [row('Late')]));
    assert.deepEqual(titles(), ['Title', 'Text']);
  });

  it('shows that it goes on until the answer is whole, and not for ever when none comes', () => {
    const { search, pass } = opened();
    assert.equal(search.searching.value, true);
    search.receive(found('', [], false));
    assert.equal(search.searching.value, true);
    search.receive(found('', []));
    assert.equal(search.searching.value, false);
    search.setAnyFolder(true);
    assert.equal(search.searching.value, true);
    pass(10_000);
    assert.equal(search.searching.value, false);
  });

  it('asks again at once when all folders are wanted, with the query as it stands', () => {
    const { search, posted, pass } = opened();
    search.setQuery('parser');
    search.setAnyFolder(true);
    pass(500);
    assert.deepEqual(posted(), [asked(''), asked('parser', true)]);
  });

  it('asks nothing after it was closed', () => {
    const { search, posted, pass, titles } = opened();
    search.setQuery('parser');
    search.close();
    pass(500);
    search.receive(found('parser', [row('Late')]));
    assert.deepEqual(posted(), [asked('')]);
    assert.equal(titles(), undefined);
  });

  it('shows a new title, a pin and a deletion at once, also when an answer is still from before', () => {
    const { search, posted, titles } = opened();
    const rows = [row('First'), row('Second')];
    search.receive(found('', rows));
    posted();
    search.rename(first, '  A better\n name ');
    search.pin(first, true);
    search.remove(second);
    search.receive(found('', rows));
    assert.deepEqual(titles(), ['A better name']);
    assert.equal(search.found.value?.rows[0]?.pinned, true);
    assert.equal(search.found.value.total, 1);
    assert.deepEqual(posted(), [
      { type: 'session.rename', sessionId: first, title: 'A better name' },
      { type: 'session.pin', sessionId: first, pinned: true },
      { type: 'session.delete', sessionId: second },
    ]);
  });

  it('takes back what it showed ahead when the host could not do it', () => {
    const { search, posted, titles } = opened();
    search.receive(found('', [row('First')]));
    search.remove(first);
    posted();
    search.forgetChanges();
    assert.deepEqual(posted(), [asked('')]);
    search.receive(found('', [row('First')]));
    assert.deepEqual(titles(), ['First']);
  });

  it('posts no title that is empty or the old one, and none that is too long', () => {
    const { search, posted } = opened();
    search.receive(found('', [row('First')]));
    posted();
    search.rename(first, '  ');
    search.rename(first, 'First');
    assert.deepEqual(posted(), []);
    search.rename(first, 'x'.repeat(5000));
    assert.equal(posted().length, 1);
  });

  it('asks again when a deleted session has come back, not before', () => {
    const { search, posted, titles } = opened();
    search.receive(found('', [row('First')]));
    search.remove(first);
    search.receiveApp(app({ sessionId: first, title: 'First' }));
    posted();
    search.restore(first);
    assert.deepEqual(posted(), [{ type: 'session.restore', sessionId: first }]);
    search.receiveApp(app());
    assert.deepEqual(posted(), [asked('')]);
    search.receive(found('', [row('First')]));
    assert.deepEqual(titles(), ['First']);
  });
});

describe('the open list', () => {
  const showing = (activeSessionId: typeof first): AppView => ({ ...app(), activeSessionId });

  it('closes when another session comes to be shown, as after an import', () => {
    const { search } = opened();
    search.receiveApp(showing(first));
    assert.equal(search.isOpen.value, true);
    search.receiveApp(showing(second));
    assert.equal(search.isOpen.value, false);
  });

  it('stays open when the shown session was deleted from it', () => {
    const { search } = opened();
    search.receiveApp(showing(first));
    search.remove(first);
    search.receiveApp({ ...showing(second), deleted: { sessionId: first, title: 'First' } });
    assert.equal(search.isOpen.value, true);
  });
});

describe('the session list', () => {
  const shape = (rows: readonly SessionRow[]): readonly string[] =>
    groupedEntries(rows, now).map((entry) => (entry.kind === 'heading' ? `[${entry.title}]` : entry.row.title));

  it('stands in groups by day, pinned sessions first', () => {
    const rows = [
      row('Pinned long ago', { pinned: true, updatedAt: now - 30 * dayMs }),
      row('This morning', { updatedAt: now - 5 * 60 * minuteMs }),
      row('Late last night', { updatedAt: now - 16 * 60 * minuteMs }),
      row('Last week', { updatedAt: now - 7 * dayMs }),
    ];
    assert.deepEqual(shape(rows), [
      ...['[Pinned]', 'Pinned long ago', '[Today]', 'This morning'],
      ...['[Yesterday]', 'Late last night', '[Earlier]', 'Last week'],
    ]);
  });

  it('has no headings where all would stand under the same', () => {
    assert.deepEqual(shape([row('One'), row('Two', { updatedAt: now - minuteMs })]), ['One', 'Two']);
    assert.deepEqual(shape([]), []);
  });

  it('puts a session that was just unpinned where its day is', () => {
    const rows = [row('Old', { updatedAt: now - minuteMs }), row('New')];
    assert.deepEqual(shape(rows), ['New', 'Old']);
  });

  it('says yesterday once, and then the time of day', () => {
    const entries = groupedEntries([row('Today'), row('Then', { updatedAt: now - dayMs })], now);
    const last = entries.at(-1);
    assert.match(last?.kind === 'session' ? last.time : '', /3:30|15:30/);
  });
});

describe('what a screen reader is told of sessions', () => {
  const deleted = { sessionId: first, title: 'Fix the parser' };

  it('names a deleted session once, with its way back', () => {
    const next = announceApp({ readOnly: undefined }, { readOnly: undefined, deleted });
    assert.equal(next.said, 'Deleted Fix the parser. The Undo button brings it back.');
    assert.equal(announceApp(next.announced, { readOnly: undefined, deleted }).said, '');
  });

  it('counts what a search has found', () => {
    const result = { query: 'parser', rows: [], total: 1, done: true };
    assert.equal(announceApp(undefined, { readOnly: undefined, found: result }).said, '1 session found.');
    assert.equal(announceApp(undefined, { readOnly: undefined, found: { ...result, query: '' } }).said, '');
  });

  it('says when a session can only be read, and when it can be written again', () => {
    const held = announceApp({ readOnly: undefined, sessionId: first }, { readOnly: 'held', sessionId: first });
    assert.match(held.said, /Read only/);
    assert.match(announceApp(held.announced, { readOnly: undefined, sessionId: first }).said, /You can write/);
    assert.equal(announceApp(held.announced, { readOnly: undefined, sessionId: second }).said, '');
    const gone = announceApp(held.announced, { readOnly: 'gone', sessionId: first });
    assert.equal(gone.said, 'Read only: this session was deleted in another window.');
  });
});
