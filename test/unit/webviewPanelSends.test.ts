import { strict as assert } from 'node:assert';
import type { Op } from '../../src/core/protocol/ops';
import { parseKeptState } from '../../src/webview/models/keptState';
import { agentId, SessionScript } from '../look/sessionScript';
import { withoutSendIds } from '../look/withoutSendIds';
import { app, connect, other, sessionId, shown } from '../support/panelHost';

describe('a text that was sent', () => {
  const empty = () => new SessionScript(sessionId);
  const elsewhere = new SessionScript(other).view;

  it('comes back before what was written since when the host could not take it', () => {
    const { panel, send, fail } = shown(empty());
    const sendId = send('Why?');
    panel.setDraft('And');
    fail(sendId);
    assert.equal(panel.draft.value, 'Why?\n\nAnd');
    assert.deepEqual(panel.problem.value, { message: 'It failed.', advice: 'Try again.' });
    fail(sendId);
    assert.equal(panel.draft.value, 'Why?\n\nAnd', 'only once');
  });

  it('stays where it is when something else fails', () => {
    const { panel, send, fail, kept } = shown(empty());
    send('Why?');
    fail();
    fail('another-send');
    assert.equal(panel.draft.value, '');
    assert.equal(kept().unconfirmed.length, 1);
  });

  it('comes back when its session is shown again, if it failed while another one was', () => {
    const { panel, send, fail, snapshot } = shown(empty());
    const sendId = send('Why?');
    snapshot(elsewhere);
    fail(sendId);
    assert.equal(panel.draft.value, '');
    snapshot(empty().view);
    assert.equal(panel.draft.value, 'Why?');
  });

  it('does not come back once it has arrived, even if the same was said before', async () => {
    const script = empty().user('go on').done();
    const { panel, send, fail, events, frame, kept } = shown(script);
    const sendId = send('go on');
    events(script.user('go on'), 1);
    await frame();
    fail(sendId);
    assert.equal(panel.draft.value, '');
    assert.deepEqual(kept().unconfirmed, []);
  });

  it('is confirmed by a message of its own when the same was sent twice', async () => {
    const script = empty();
    const { panel, send, fail, events, frame } = shown(script);
    send('go on');
    const second = send('go on');
    events(script.user('go on'), 1);
    await frame();
    events(script.streaming('Yes'), 2);
    await frame();
    fail(second);
    assert.equal(panel.draft.value, 'go on');
  });

  it('comes back in a new panel if its session does not have it', () => {
    const before = shown(empty());
    before.send('Why?');
    before.panel.setDraft('And');
    const { panel, snapshot } = connect(before.kept());
    snapshot(elsewhere);
    assert.equal(panel.draft.value, 'And', 'it waits for its own session');
    snapshot(empty().view);
    assert.equal(panel.draft.value, 'Why?\n\nAnd');
  });

  it('does not come back in a new panel if its session has it, taken or in line', () => {
    for (const arrived of [empty().user('Why?').answer('Because.'), empty().user('First').queued('Why?')]) {
      const before = shown(empty());
      before.send('Why?');
      const { panel, kept } = shown(arrived, before.kept());
      assert.equal(panel.draft.value, '');
      assert.deepEqual(kept().unconfirmed, []);
    }
  });

  it('comes back when no session could be made for it, and goes to no other one', () => {
    const { panel, posted, send, fail, snapshot } = connect();
    snapshot();
    send('Why?');
    fail();
    assert.equal(panel.draft.value, 'Why?');
    panel.send();
    panel.select(other);
    snapshot(elsewhere);
    assert.equal(panel.draft.value, 'Why?');
    assert.ok(!posted.some((op) => op.type === 'turn.start'));
  });

  it('is not lost when the panel goes before there is a session', () => {
    const before = connect();
    before.snapshot();
    before.send('Why?');
    assert.equal(connect(before.kept()).panel.draft.value, 'Why?');
  });

  it('leaves alone what another version of the panel kept', () => {
    assert.deepEqual(parseKeptState({ draft: 'half' }), { draft: 'half', unconfirmed: [], comments: [] });
    assert.deepEqual(parseKeptState({ draft: 'half', unconfirmed: [{ text: 1 }] }), {
      draft: 'half',
      unconfirmed: [],
      comments: [],
    });
    assert.deepEqual(parseKeptState(null), { draft: '', unconfirmed: [], comments: [] });
  });
});

describe('a session that was chosen', () => {
  const first = () => new SessionScript(sessionId);
  const second = new SessionScript(other).view;
  const third = agentId('agt-third');
  const turns = (posted: readonly Op[]) =>
    posted.filter((op) => op.type === 'turn.start' || op.type === 'turn.interrupt');

  it('gets the message: nothing is sent or stopped until it is shown', () => {
    const { panel, posted, snapshot } = shown(first().user('Why?'));
    panel.select(other);
    panel.setDraft('For the other one');
    panel.send();
    panel.interrupt();
    assert.deepEqual([panel.selecting.value, panel.busy.value, panel.draft.value], [other, false, 'For the other one']);
    assert.deepEqual(turns(posted), []);
    snapshot(second);
    assert.equal(panel.selecting.value, undefined);
    panel.send();
    assert.deepEqual(withoutSendIds(turns(posted)), [
      { type: 'turn.start', sessionId: other, text: 'For the other one' },
    ]);
  });

  it('is waited for until its own snapshot comes, also when another was chosen before it', () => {
    const { panel, snapshot } = shown(first());
    panel.select(other);
    panel.select(third);
    snapshot(first().view);
    snapshot(second);
    assert.equal(panel.selecting.value, third);
    snapshot(new SessionScript(third).view);
    assert.equal(panel.selecting.value, undefined);
  });

  it('is not waited for when it cannot be opened, or something else was asked for', () => {
    const { panel, posted, snapshot, fail, send } = shown(first());
    const sendId = send('Why?');
    const chosen = () => {
      panel.select(other);
      assert.equal(panel.selecting.value, other);
    };
    chosen();
    fail(sendId);
    assert.deepEqual([panel.selecting.value, panel.draft.value], [other, ''], 'the text returns to its own session');
    fail();
    assert.deepEqual([panel.selecting.value, panel.draft.value], [undefined, 'Why?']);
    chosen();
    panel.post({ type: 'session.new' });
    assert.equal(panel.selecting.value, undefined);
    chosen();
    panel.select(sessionId);
    assert.equal(panel.selecting.value, undefined);
    assert.deepEqual(posted.at(-1), { type: 'session.select', sessionId });
    chosen();
    snapshot(new SessionScript(third).view);
    assert.equal(panel.selecting.value, undefined, 'an imported session came in between');
  });

  it('is read again only if it is shown damaged or was deleted elsewhere', () => {
    const { panel, posted, deliver } = shown(first());
    panel.select(sessionId);
    deliver({ type: 'app', app: { ...app, readOnly: { kind: 'otherFolder', folder: 'docs' } } });
    panel.select(sessionId);
    assert.equal(posted.length, 1);
    for (const readOnly of [{ kind: 'damaged', message: 'It is.', advice: '' }, { kind: 'gone' }] as const) {
      deliver({ type: 'app', app: { ...app, readOnly } });
      panel.select(sessionId);
      assert.deepEqual(posted.pop(), { type: 'session.select', sessionId });
      assert.equal(panel.selecting.value, undefined);
    }
  });
});
