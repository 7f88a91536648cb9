import { strict as assert } from 'node:assert';
import { announce } from '../../src/webview/models/announcer';
import { startStep } from '../../src/webview/models/startStep';
import { agentId, SessionScript } from '../look/sessionScript';
import { withoutSendIds } from '../look/withoutSendIds';
import { app, connect, other, sessionId, shown } from '../support/panelHost';

describe("the panel's model", () => {
  it('asks for a snapshot when it starts, with the draft that it kept', () => {
    const { panel, posted } = connect({ draft: 'half' });
    assert.deepEqual(posted, [{ type: 'ready' }]);
    assert.equal(panel.draft.value, 'half');
  });

  it('draws all batches of a frame at once and acknowledges each of them afterwards', async () => {
    const script = new SessionScript(sessionId);
    const { panel, posted, events, frame } = shown(script);
    events(script.user('Why?').streaming('Be'), 1);
    events(script.delta('cause'), 2);
    assert.equal(panel.session.value?.items.length, 0);
    assert.ok(!posted.some((op) => op.type === 'ack'));
    await frame();
    assert.deepEqual(panel.session.value, script.view);
    assert.deepEqual(posted.slice(1), [
      { type: 'ack', batch: 1 },
      { type: 'ack', batch: 2 },
    ]);
  });

  it('keeps the items that a delta does not touch, so that only one card is drawn again', async () => {
    const script = new SessionScript(sessionId).user('Why?').answer('One.').streaming('Two');
    const { panel, events, frame } = shown(script);
    const before = panel.session.value?.items ?? [];
    events(script.delta(' and three'), 1);
    await frame();
    const after = panel.session.value?.items ?? [];
    assert.deepEqual(
      after.map((item, index) => item === before[index]),
      [true, true, false],
    );
  });

  it('ignores events that a snapshot already contains', async () => {
    const script = new SessionScript(sessionId).user('Why?').streaming('Once');
    const { panel, events, snapshot, frame } = connect();
    snapshot(script.view);
    events(script, 1);
    await frame();
    assert.deepEqual(panel.session.value, script.view);
  });

  it('acknowledges and drops events of a session that is not shown', async () => {
    const script = new SessionScript(sessionId).user('Why?');
    const { panel, posted, events, frame } = shown(script);
    events(new SessionScript(other).user('Other'), 7, other);
    await frame();
    assert.equal(panel.session.value?.items.length, 1);
    assert.deepEqual(posted.slice(1), [{ type: 'ack', batch: 7 }]);
  });

  it('asks once for a new snapshot when events of the active session come without its view', () => {
    const { posted, snapshot, events } = connect();
    snapshot();
    events(new SessionScript(sessionId).user('Why?'), 1);
    events(new SessionScript(sessionId).user('Why?'), 2);
    assert.equal(posted.filter((op) => op.type === 'ready').length, 2);
  });

  it('keeps what was begun in the composer when the editor puts text in', () => {
    const { panel, deliver, kept } = shown(new SessionScript(sessionId));
    panel.setDraft('Explain this ');
    deliver({ type: 'compose', text: '`src/a.ts`' });
    assert.equal(panel.draft.value, 'Explain this\n\n`src/a.ts`');
    assert.equal(kept().draft, 'Explain this\n\n`src/a.ts`');
    assert.equal(panel.focusRequests.value, 1);
  });

  it('sends nothing for an empty draft and clears the draft it has sent', () => {
    const { panel, posted, kept } = shown(new SessionScript(sessionId));
    panel.setDraft('  \n');
    panel.send();
    panel.setDraft(' Why? ');
    panel.send();
    assert.deepEqual(withoutSendIds(posted.slice(1)), [{ type: 'turn.start', sessionId, text: 'Why?' }]);
    assert.equal(kept().draft, '');
  });

  it('asks for a session when there is none and sends when it is there', () => {
    const { panel, posted, snapshot } = connect();
    snapshot();
    panel.setDraft('Why?');
    panel.send();
    snapshot(new SessionScript(sessionId).view);
    assert.deepEqual(withoutSendIds(posted.slice(1)), [
      { type: 'session.new' },
      { type: 'turn.start', sessionId, text: 'Why?' },
    ]);
  });

  it('keeps the draft when the session turns out to be held elsewhere', () => {
    const { panel, deliver } = shown(new SessionScript(sessionId));
    panel.setDraft('half');
    deliver({ type: 'app', app: { ...app, readOnly: { kind: 'held', state: 'alive', who: 'process 1', since: 0 } } });
    assert.equal(panel.readOnly.value?.kind, 'held');
    deliver({ type: 'app', app });
    assert.deepEqual([panel.readOnly.value, panel.draft.value], [undefined, 'half']);
  });

  it('gives what was found to the open list alone', () => {
    const { panel, deliver, posted } = shown(new SessionScript(sessionId));
    deliver({ type: 'found', query: '', rows: [], total: 0, done: true });
    const total = () => panel.sessionSearch.found.value?.total;
    assert.equal(total(), undefined);
    panel.sessionSearch.open();
    deliver({ type: 'found', query: '', rows: [], total: 0, done: true });
    assert.equal(total(), 0);
    deliver({ type: 'compose', text: 'Explain this.' });
    assert.equal(panel.sessionSearch.isOpen.value, false, 'the composer is not covered when text comes into it');
    assert.deepEqual(posted.slice(1), [{ type: 'session.search', query: '', anyFolder: false }]);
  });

  it('interrupts only a turn that runs', () => {
    const script = new SessionScript(sessionId);
    const { panel, posted, snapshot } = shown(script);
    panel.interrupt();
    snapshot(script.user('Why?').view);
    panel.interrupt();
    assert.deepEqual(posted.slice(1), [{ type: 'turn.interrupt', sessionId }]);
  });

  it('takes a session of 5,000 items and a delta to it in a fraction of a second', async () => {
    const script = new SessionScript(sessionId);
    while (script.view.items.length < 5000) script.user('Why?').answer('Because.').done();
    const { events, frame } = shown(script);
    script.streaming('x');
    for (let count = 0; count < 200; count++) script.delta('word ');
    const started = performance.now();
    events(script, 1);
    await frame();
    assert.ok(performance.now() - started < 2000, `${performance.now() - started} ms`);
  });
});

describe('what was unfolded', () => {
  it('is remembered for each session by itself, for the last few of them', () => {
    const { panel, snapshot } = shown(new SessionScript(sessionId));
    panel.cards.unfolded('text-3').value = true;
    snapshot(new SessionScript(other).view);
    assert.equal(panel.cards.unfolded('text-3').value, undefined);
    snapshot(new SessionScript(sessionId).view);
    assert.equal(panel.cards.unfolded('text-3').value, true);
    for (let count = 0; count < 8; count++) {
      snapshot(new SessionScript(agentId(`agt-${count}`)).view);
      panel.cards.unfolded('text-3').value = false;
    }
    snapshot(new SessionScript(sessionId).view);
    assert.equal(panel.cards.unfolded('text-3').value, undefined);
  });
});

describe('the first step', () => {
  it('is a folder, then its trust, then a model', () => {
    const { model: _model, ...withoutModel } = app;
    assert.equal(startStep({ ...withoutModel, workspace: { folders: [], trusted: false } }), 'openFolder');
    assert.equal(startStep({ ...withoutModel, workspace: { folders: ['a'], trusted: false } }), 'trustFolder');
    assert.equal(startStep(withoutModel), 'chooseModel');
    assert.equal(startStep(app), 'ready');
  });
});

describe('the live region', () => {
  it('does not read out what was there before, and each sentence only once', () => {
    const script = new SessionScript(sessionId).user('Why?').streaming('Old sentence. ');
    let next = announce(undefined, script.view);
    assert.equal(next.said, '');
    next = announce(next.announced, script.delta('New one. And a half').view);
    assert.equal(next.said, 'New one.');
    next = announce(next.announced, script.delta(' more').view);
    assert.equal(next.said, '');
  });

  it('says a question when it comes, and the failure of a turn with its advice', () => {
    const script = new SessionScript(sessionId).user('Why?');
    let next = announce(undefined, script.view);
    script.asks(script.call('fs_edit', { path: 'a.ts' }), { kind: 'edit', files: [], reason: '' });
    next = announce(next.announced, script.view);
    assert.equal(next.said, 'Approval needed: Edit a.ts.');
    script.done('failed', { code: 'network', message: 'No answer.', advice: 'Start the server.', retryable: true });
    assert.match(announce(next.announced, script.view).said, /No answer\. Start the server\./);
  });
});
