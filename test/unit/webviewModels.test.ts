import { strict as assert } from 'node:assert';
import type { ModelsView } from '../../src/core/protocol/models';
import type { Op } from '../../src/core/protocol/ops';
import { announce } from '../../src/webview/models/announcer';
import { announceApp } from '../../src/webview/models/appAnnouncer';
import { createConnectionTest } from '../../src/webview/models/connectionTest';
import { failureActions } from '../../src/webview/models/failureActions';
import { modelEntries, type EntriesInput } from '../../src/webview/models/modelEntries';
import { vendorState } from '../../src/webview/text/vendorState';
import { anthropic, groq, lmStudio, openai, someModels } from '../look/modelFixtures';
import { SessionScript } from '../look/sessionScript';
import { app, connect, sessionId, shown } from '../support/panelHost';

const sonnet = { vendor: 'anthropic', model: 'claude-sonnet-4-5' };
const opus = { vendor: 'anthropic', model: 'claude-opus-4-5' };

function keys(input: Partial<EntriesInput>): readonly string[] {
  const models: ModelsView = { vendors: [anthropic, openai, lmStudio], favourites: [sonnet] };
  const all = { models, query: '', current: opus, recent: [opus, sonnet], expanded: new Set<string>(), ...input };
  return modelEntries(all).map((entry) => entry.key);
}

describe('the model picker lists', () => {
  it('favourites, then recent ones, then vendors that are ready with their models, then those to set up', () => {
    assert.deepEqual(keys({}), [
      ...['heading:Favourites', 'favourite:anthropic:claude-sonnet-4-5'],
      ...['heading:Recent', 'recent:anthropic:claude-opus-4-5'],
      ...['vendor:anthropic', 'all:anthropic:claude-sonnet-4-5', 'all:anthropic:claude-opus-4-5'],
      ...['all:anthropic:claude-3-haiku', 'heading:Set up another', 'vendor:openai', 'vendor:lmstudio'],
    ]);
  });

  it('what every word of a search names, of vendors without a key too', () => {
    assert.deepEqual(keys({ query: ' MINI gpt ' }), ['vendor:openai', 'all:openai:gpt-5-mini']);
    assert.deepEqual(keys({ query: 'anthropic opus' }), ['vendor:anthropic', 'all:anthropic:claude-opus-4-5']);
    assert.deepEqual(keys({ query: 'lm stud' }), ['vendor:lmstudio']);
    assert.deepEqual(keys({ query: 'nothing' }), []);
  });

  it('the first models of a long list, until it is unfolded', () => {
    const models = { vendors: someModels.vendors.filter(({ id }) => id === 'openrouter'), favourites: [] };
    assert.equal(keys({ models, recent: [] }).length, 1 + 7 + 1);
    assert.equal(keys({ models, recent: [], expanded: new Set(['openrouter']) }).length, 1 + 400);
    assert.equal(keys({ models, query: 'model-39' }).length, 1 + 11);
  });

  it('a favourite that its vendor lists no more, but none of a vendor that is gone', () => {
    const favourites = [
      { vendor: 'anthropic', model: 'claude-2' },
      { vendor: 'gone', model: 'x' },
    ];
    assert.deepEqual(keys({ models: { vendors: [anthropic], favourites }, recent: [] }).slice(0, 2), [
      ...['heading:Favourites', 'favourite:anthropic:claude-2'],
    ]);
  });

  it('what is to do about a vendor in a word', () => {
    assert.deepEqual(
      [anthropic, openai, lmStudio, groq, { ...lmStudio, found: true, ready: true }].map(
        (one) => vendorState(one).text,
      ),
      ['2 keys', 'Add key', 'Not running', 'No list', 'Found'],
    );
  });
});

describe('the open model picker', () => {
  const opened = () => {
    const connection = shown(new SessionScript(sessionId));
    connection.panel.picker.open();
    connection.deliver({ type: 'models', models: someModels });
    const { posted } = connection;
    return { ...connection, picker: connection.panel.picker, since: () => posted.splice(0).slice(0) };
  };

  it('tells the host that it is open and closed, once each', () => {
    const { posted, picker } = opened();
    picker.open();
    picker.close();
    picker.close();
    assert.deepEqual(posted.slice(1), [{ type: 'models.open' }, { type: 'models.close' }]);
  });

  it('opens when the host asks for it, in the place of the session list', () => {
    const { panel, deliver } = shown(new SessionScript(sessionId));
    panel.sessionSearch.open();
    deliver({ type: 'showModels' });
    assert.deepEqual([panel.picker.isOpen.value, panel.sessionSearch.isOpen.value], [true, false]);
    panel.sessionSearch.open();
    assert.deepEqual([panel.picker.isOpen.value, panel.sessionSearch.isOpen.value], [false, true]);
    panel.picker.open();
    deliver({ type: 'compose', text: 'Explain this.' });
    assert.equal(panel.picker.isOpen.value, false, 'the composer is not covered when text comes into it');
  });

  it('uses a model for the shown session, and for new ones too when that is wished', () => {
    const { picker, since } = opened();
    since();
    picker.use(opus);
    picker.open();
    picker.alsoNew.value = true;
    picker.use(sonnet);
    assert.deepEqual(
      since().filter((op) => op.type === 'model.use'),
      [
        { type: 'model.use', sessionId, choice: opus, standard: false },
        { type: 'model.use', sessionId, choice: sonnet, standard: true },
      ],
    );
    assert.equal(picker.isOpen.value, false);
  });

  it('uses the first model for new sessions too, without a session for those alone', () => {
    const { panel, posted, deliver } = connect();
    const { model: _model, activeSessionId: _id, ...nothing } = app;
    deliver({ type: 'snapshot', app: nothing });
    panel.picker.use(opus);
    deliver({ type: 'app', app: { ...nothing, activeSessionId: sessionId } });
    panel.picker.use(opus);
    assert.deepEqual(
      posted.filter((op) => op.type === 'model.use'),
      [
        { type: 'model.use', choice: opus, standard: true },
        { type: 'model.use', sessionId, choice: opus, standard: true },
      ],
    );
  });

  it('shows a favourite at once and takes what the host says', () => {
    const { picker, deliver } = opened();
    const favourites = () => picker.models.value?.favourites;
    picker.setFavourite(opus, true);
    assert.deepEqual(favourites(), [sonnet, opus]);
    picker.setFavourite(sonnet, false);
    assert.deepEqual(favourites(), [opus]);
    deliver({ type: 'models', models: someModels });
    assert.deepEqual(favourites(), [sonnet]);
  });

  it('asks a local server with its key once a person wants to see its page', () => {
    const { picker, deliver, posted } = opened();
    const keys = [{ name: 'default', hint: '', current: true }];
    const local = { ...lmStudio, found: true, ready: true, keys };
    deliver({ type: 'models', models: { vendors: [local, anthropic], favourites: [] } });
    picker.showVendor('anthropic');
    assert.notEqual(posted.at(-1)?.type, 'models.list');
    picker.showVendor('lmstudio');
    assert.deepEqual(posted.at(-1), { type: 'models.list', vendor: 'lmstudio' });
  });

  it('keeps nothing of a key', () => {
    const { panel, picker, posted, kept } = opened();
    picker.setKey('openai', 'default', 'sk-very-secret');
    assert.deepEqual(posted.at(-1), { type: 'key.set', vendor: 'openai', name: 'default', key: 'sk-very-secret' });
    const parts: readonly object[] = [picker, picker.test, panel];
    const signals = parts.flatMap((part): readonly unknown[] => Object.values(part));
    const values = signals.map((one) => (one && typeof one === 'object' && 'value' in one ? one.value : ''));
    assert.doesNotMatch(JSON.stringify([values, kept()]), /very-secret/);
  });
});

describe('the test of a connection', () => {
  function testing() {
    const posted: Op[] = [];
    const timers: (() => void)[] = [];
    const test = createConnectionTest(
      (op) => posted.push(op),
      (callback) => {
        timers.push(callback);
        return () => void timers.splice(timers.indexOf(callback), 1);
      },
    );
    const id = () => posted.flatMap((op) => (op.type === 'model.test' ? [op.testId] : [])).at(-1) ?? '';
    return { test, timers, id };
  }
  const refused = { ok: false, code: 'authentication', message: 'Refused.', advice: 'Set a key.' } as const;

  it('takes the answer to the last test alone', () => {
    const { test, timers, id } = testing();
    test.start(sonnet);
    const first = id();
    test.start(opus);
    test.receive({ type: 'modelTested', testId: first, result: refused });
    assert.equal(test.state.value?.kind, 'running');
    test.receive({ type: 'modelTested', testId: id(), result: refused });
    assert.deepEqual(test.state.value, { kind: 'ended', choice: opus, result: refused });
    assert.equal(timers.length, 0);
  });

  it('ends when nothing comes', () => {
    const { test, timers } = testing();
    test.start(sonnet);
    timers[0]?.();
    const state = test.state.value;
    assert.ok(state?.kind === 'ended' && !state.result.ok);
  });
});

describe('what helps against a failure', () => {
  it('is the key for a refused one, sending again for what passes, compacting for what is too long', () => {
    const firsts = [
      'authentication',
      'network',
      'rate_limit',
      'stream_cut',
      'context_length',
      'budget',
      'price_unknown',
    ];
    assert.deepEqual(
      firsts.map((code) => failureActions(code)[0]),
      ['key', 'again', 'again', 'again', 'compact', 'countersign.setBudget', 'models'],
    );
    assert.deepEqual(failureActions('something_else'), ['countersign.showLog']);
  });

  it('says "Go on." without touching the draft', () => {
    const { panel, posted } = shown(new SessionScript(sessionId));
    panel.setDraft('half a thought');
    panel.say('Go on.');
    const last = posted.at(-1);
    assert.ok(last?.type === 'turn.start' && last.text === 'Go on.');
    assert.equal(panel.draft.value, 'half a thought');
  });
});

describe('the live region tells of models', () => {
  const script = () => new SessionScript(sessionId).user('Why?');
  const said = (first: SessionScript, change: (script: SessionScript) => SessionScript): string => {
    const { announced } = announce(undefined, first.view);
    return announce(announced, change(first).view).said;
  };

  it('that the conversation is summed up, and how that ended, once each', () => {
    const start = { phase: 'start', reason: 'asked', tokensBefore: 82_000 } as const;
    assert.equal(
      said(script(), (one) => one.compacting(start)),
      'Summing up the conversation.',
    );
    const end = { ...start, phase: 'end', tokensAfter: 12_000, ratio: 0.15, summary: 's', messageCount: 4 } as const;
    assert.equal(
      said(script().compacting(start), (one) => one.compacting(end)),
      'Conversation compacted.',
    );
    assert.equal(
      said(script().compacting(start).compacting(end), (one) => one.context(12_000)),
      '',
    );
  });

  it('that another model answers, that a call is tried again, that a budget is nearly spent', () => {
    assert.equal(
      said(script(), (one) => one.modelChanged('claude-opus-4-5')),
      'Now: claude-opus-4-5.',
    );
    const error = { code: 'rate_limit', message: 'The model is busy.', advice: '', retryable: true };
    const retry = { channel: 'monitor', type: 'model_retry', attempt: 1, delayMs: 4000, error } as const;
    assert.equal(
      said(script(), (one) => one.event(retry)),
      'The model is busy. Trying again.',
    );
    const warning = { scope: 'day', unit: 'usd', level: 'near', spent: 4.2, budget: 5 } as const;
    assert.equal(
      said(script(), (one) => one.event({ channel: 'monitor', type: 'budget_warning', ...warning })),
      "84 % of today's budget is spent: $4.20 of $5.00.",
    );
  });

  it('what came of a test', () => {
    const result = { ok: true, model: 'm', firstMs: 1, totalMs: 2, windowTokens: 3 } as const;
    const running = announceApp(undefined, { readOnly: undefined, test: { kind: 'running', choice: sonnet } });
    assert.equal(running.said, 'Testing the connection.');
    const ended = { readOnly: undefined, test: { kind: 'ended', choice: sonnet, result } } as const;
    assert.equal(announceApp(running.announced, ended).said, 'It works. m answered.');
    assert.equal(announceApp(announceApp(running.announced, ended).announced, ended).said, '');
  });
});
