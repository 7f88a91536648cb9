import { strict as assert } from 'node:assert';
import type { ModelProvider } from '../../../../src/core/model/provider';
import { scriptedModel } from '../../../../src/core/model/scripted';
import type { ModelChoice } from '../../../../src/core/protocol/models';
import { MemoryStore } from '../../../../src/core/store/memoryStore';
import { SessionModels } from '../../../../src/extension/models/sessionModels';
import { workspaceWith, type Workspace } from '../../../support/agents';
import { ModelBench } from '../../../support/modelBench';
import { readable, SessionWindow, until } from '../../../support/sessionWindow';
import { refusalOf } from '../../../support/refusal';

const editor = (model: string, more: Partial<ModelChoice> = {}): ModelChoice => ({ vendor: 'vscode', model, ...more });
const [big, small] = [editor('big'), editor('small')];

describe('the model of a session', () => {
  let store: MemoryStore;
  let workspace: Workspace;
  const windows: SessionWindow[] = [];

  beforeEach(async () => {
    store = new MemoryStore();
    workspace = await workspaceWith();
  });
  afterEach(async () => {
    await Promise.all(windows.splice(0).map((window) => window.close()));
    await workspace.remove();
  });

  /** A window whose models answer with their own name. */
  const open = (bench = namedBench()) => {
    const { models } = bench;
    const window = new SessionWindow({
      ...{ store, workspace },
      modelFactory: (choice) => models.openOrSay(choice),
      modelFor: (choice) => models.open(choice),
    });
    windows.push(window);
    const problems: string[] = [];
    const sessionModels = new SessionModels(window.sessions, models, (what, error) =>
      problems.push(`${what}: ${String(error)}`),
    );
    models.onDidChange(() => void sessionModels.reopen());
    const use = async (choice: ModelChoice, standard = false): Promise<void> => {
      await sessionModels.use(window.sessions.activeId, choice);
      await models.use(choice, standard);
    };
    return { window, bench, sessionModels, use, problems };
  };

  const namedBench = (): ModelBench => {
    const bench = new NamedBench();
    bench.standard = big;
    return bench;
  };

  it('is the standard one, until another one is chosen in the middle of it', async () => {
    const { window, use } = open();
    await window.ask('One.');
    await use(small);
    await window.ask('Two.');
    assert.deepEqual(answers(window), ['answer: I am big.', 'model: vscode:small', 'answer: I am small.']);
  });

  it('stays the one it was last used with, whatever becomes the standard one', async () => {
    const { window, use, sessionModels } = open();
    const first = await window.ask('One.');
    window.sessions.create();
    await use(small, true);
    await window.ask('Two.');
    assert.deepEqual([sessionModels.of(first), sessionModels.of(window.sessions.activeId)], [big, small]);
    await window.sessions.select(first);
    await window.ask('Three.');
    assert.deepEqual(answers(window), ['answer: I am big.', 'answer: I am big.']);
  });

  it('comes back with the session after a restart, with effort and key name', async () => {
    const chosen = editor('small', { effort: 'high', keyName: 'work' });
    const first = open();
    await first.use(chosen);
    const id = await first.window.ask('One.');
    await first.window.close();
    const second = open();
    await second.window.sessions.select(id);
    assert.deepEqual(second.sessionModels.of(id), chosen);
    await second.window.ask('Two.');
    assert.deepEqual(answers(second.window), ['answer: I am small.', 'answer: I am small.']);
    assert.deepEqual(second.window.sessions.agent(id)?.info().model, chosen);
  });

  it('can be chosen before the first message; the other new sessions keep the standard one', async () => {
    const { window, use, sessionModels } = open();
    await use(small);
    assert.deepEqual(sessionModels.of(window.sessions.activeId), small);
    assert.deepEqual(await store.summaries(), []);
    await window.ask('One.');
    window.sessions.create();
    await window.ask('Two.');
    assert.deepEqual(answers(window), ['answer: I am big.']);
  });

  it('can be chosen for a session that is only read so far', async () => {
    const first = open();
    const id = await first.window.ask('One.');
    await first.window.close();
    const second = open();
    await second.window.sessions.select(id);
    await second.use(small);
    await second.window.ask('Two.');
    assert.equal(answers(second.window).at(-1), 'answer: I am small.');
  });

  it('a model that cannot be opened stays the session’s, and the next turn says why', async () => {
    const { window, use, sessionModels } = open();
    const id = await window.ask('One.');
    const claude = { vendor: 'anthropic', model: 'claude-sonnet-5-5' };
    await use(claude);
    await window.ask('Two.');
    const end = window.shown.items.findLast((item) => item.kind === 'turnEnd');
    assert.equal(end?.reason, 'failed');
    assert.match(end.error?.message ?? '', /Anthropic needs a key/);
    assert.deepEqual(sessionModels.of(id), claude);
    await window.close();
    const later = open();
    await later.window.sessions.select(id);
    assert.deepEqual(later.sessionModels.of(id), claude);
    await later.window.sessions.agentFor(id);
    assert.deepEqual(later.window.sessions.agent(id)?.info().model, claude);
  });

  it('a new session whose model cannot be opened is not begun: the message comes back', async () => {
    const { window, bench } = open();
    bench.standard = { vendor: 'anthropic', model: 'claude-sonnet-5-5' };
    await refusalOf('authentication', window.sessions.send(window.sessions.activeId, 'One.'));
    bench.standard = undefined;
    await refusalOf('no_model', window.sessions.send(window.sessions.activeId, 'One.'));
    assert.deepEqual(await store.summaries(), []);
  });

  it('a new key holds for every running session, each with its own model', async () => {
    const { window, bench, use } = open();
    await use({ vendor: 'ollama', model: 'one' });
    const first = await window.ask('One.').catch(() => window.sessions.activeId);
    await window.sessions.interrupt(first);
    window.sessions.create();
    const second = await window.ask('Two.');
    const before = [first, second].map((id) => window.sessions.agent(id)?.model);
    bench.endpoints.set('ollama', 'http://127.0.0.1:1/v1');
    bench.models.changed();
    await until(() => [first, second].every((id, index) => window.sessions.agent(id)?.model !== before[index]));
    const models = [first, second].map((id) => window.sessions.agent(id)?.model.choice);
    assert.deepEqual(models, [{ vendor: 'ollama', model: 'one' }, big]);
    assert.ok(!readable(window.shown).some((line) => line.startsWith('model:')));
  });

  it('a choice that is made while another model is being opened anew is not undone by it', async () => {
    const bench = new NamedBench();
    bench.standard = big;
    const { window, use, problems } = open(bench);
    await window.ask('One.');
    let go: () => void = () => undefined;
    bench.wait = new Promise<void>((resolve) => (go = resolve));
    bench.models.changed();
    bench.wait = undefined;
    await use(small);
    go();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await window.ask('Two.');
    assert.equal(answers(window).at(-1), 'answer: I am small.');
    assert.deepEqual(problems, []);
  });

  it('of two choices the later one counts, however long the first one takes to open', async () => {
    const bench = new NamedBench();
    bench.standard = big;
    const { window, sessionModels } = open(bench);
    const id = await window.ask('One.');
    let go: () => void = () => undefined;
    bench.wait = new Promise<void>((resolve) => (go = resolve));
    const slow = sessionModels.use(id, editor('slow'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    bench.wait = undefined;
    await sessionModels.use(id, small);
    go();
    await slow;
    assert.deepEqual(window.sessions.agent(id)?.info().model, small);
  });

  it('of two changes of keys the later connection counts', async () => {
    const bench = new NamedBench();
    bench.standard = { vendor: 'ollama', model: 'one' };
    const { window, sessionModels } = open(bench);
    const id = await window.sessions.agentFor(window.sessions.activeId).then(({ agentId }) => agentId);
    let go: () => void = () => undefined;
    bench.wait = new Promise<void>((resolve) => (go = resolve));
    const slow = sessionModels.reopen();
    bench.wait = undefined;
    await sessionModels.reopen();
    const latest = window.sessions.agent(id)?.model;
    go();
    await slow;
    assert.equal(window.sessions.agent(id)?.model, latest);
  });

  it('the demo counts for the new sessions of this window alone, until a model is chosen', async () => {
    const { bench, use } = open();
    await bench.models.use({ vendor: 'scripted', model: 'demo' }, true);
    assert.deepEqual([bench.models.standard?.vendor, bench.standard], ['scripted', big]);
    assert.equal(bench.models.view({ vendor: 'scripted', model: 'demo' }).demo, true);
    await use(small, true);
    assert.deepEqual([bench.models.standard, bench.standard, bench.demo], [small, small, false]);
  });
});

/** Its editor models say who they are. */
class NamedBench extends ModelBench {
  wait: Promise<void> | undefined;

  constructor() {
    super();
    const { models } = this;
    const open = models.open.bind(models);
    models.open = async (choice = models.standard, ...rest): Promise<ModelProvider> => {
      const { wait } = this;
      await wait;
      if (choice?.vendor !== 'vscode') return open(choice, ...rest);
      return { ...scriptedModel([{ text: `I am ${choice.model}.` }]), choice };
    };
  }
}

function answers(window: SessionWindow): readonly string[] {
  return readable(window.shown).filter((line) => /^(answer|model):/.test(line));
}
