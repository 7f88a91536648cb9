import { strict as assert } from 'node:assert';
import { window, type QuickPickItem } from 'vscode';
import { modelError } from '../../src/core/model/errors';
import { newAgentId } from '../../src/core/protocol/ids';
import type { ModelChoice } from '../../src/core/protocol/models';
import { ModelActions } from '../../src/extension/models/modelActions';
import { ModelBench, row } from '../support/modelBench';

const key = 'sk-first-0123456789-aaaa';
const other = 'sk-other-0123456789-bbbb';
const a = 'https://a.example/openai/v1';
const b = 'https://b.example/openai/v1';
const azure = 'Azure OpenAI';

describe('keys in the palette', () => {
  const { showQuickPick, showInputBox, showInformationMessage } = window;
  let questions: string[] = [];
  let messages: string[] = [];
  let answers: string[] = [];

  beforeEach(() => {
    [questions, messages, answers] = [[], [], []];
    const next = (...texts: readonly (string | undefined)[]): string | undefined => {
      questions.push(texts.filter((text) => text !== undefined).join(' | '));
      return answers.shift();
    };
    const replaced = {
      showQuickPick: async (items: readonly QuickPickItem[], options: { title?: string }) => {
        const answer = next(options.title);
        return items.find(({ label }) => label === answer);
      },
      showInputBox: async (options: { title?: string; prompt?: string }) => next(options.title, options.prompt),
      showInformationMessage: async (text: string) => void messages.push(text),
    };
    Object.assign(window, replaced);
  });
  afterEach(() => Object.assign(window, { showQuickPick, showInputBox, showInformationMessage }));

  const open = (bench: ModelBench) => {
    let session: ModelChoice | undefined;
    const id = newAgentId();
    const { models, picker, keys, memory, lists, sources, endpoints } = bench;
    const actions = new ModelActions({
      ...{ models, picker, keys, memory, lists, sources },
      sessionModels: { of: () => session, use: async (_id, choice) => void (session = choice) },
      endpoint: (vendor) => endpoints.get(vendor),
      setEndpoint: async (vendor, address) => void endpoints.set(vendor, address),
      activeId: () => id,
      showPicker: () => false,
    });
    return { actions, session: () => session, choose: (choice: ModelChoice) => (session = choice) };
  };
  const listed = () => new ModelBench({ list: async ({ vendor }) => [row(vendor, 'one', { windowTokens: 9_000 })] });

  it('one that was given for an address is not sent to the next one that is typed, unless the user says so', async () => {
    const bench = listed();
    const { actions } = open(bench);
    answers = [azure, a, key, 'one'];
    await actions.chooseModel();
    assert.match(questions[2] ?? '', /sent only to https:\/\/a\.example/);
    assert.deepEqual([bench.endpoints.get('azure'), bench.asked[0]], [a, `list azure ${key}`]);
    let changes = 0;
    bench.models.onDidChange(() => changes++);
    [bench.asked.length, questions.length] = [0, 0];
    answers = [azure, b, 'Give a key for b.example', other, 'one'];
    await actions.chooseModel();
    assert.match(questions[2] ?? '', /given for a\.example\. Give one for b\.example, or send this one there too\./);
    assert.ok(!bench.asked.join().includes(key));
    assert.deepEqual([bench.asked[0], changes], [`list azure ${other}`, 1]);
    assert.deepEqual(await bench.keys.names('azure'), ['b.example', 'default']);
    answers = [azure, a, 'Send the key "b.example" there too', 'one'];
    await actions.chooseModel();
    assert.equal((await bench.keys.find('azure'))?.key, other);
    assert.equal(bench.lists.traits({ vendor: 'azure', model: 'one' }).windowTokens, 9_000);
  });

  it('an address that is set in the picker gets no key of the one before', async () => {
    const bench = listed();
    const { actions } = open(bench);
    await actions.setEndpoint('azure', a);
    await actions.setKey('azure', 'default', key);
    await actions.setEndpoint('azure', b);
    await bench.picker.open();
    await actions.listModels('azure');
    assert.ok(!bench.asked.join().includes(key));
  });

  it('an endpoint that may need none is asked without, and the user for one when it refuses', async () => {
    const refused = modelError('authentication', 'A key, please.', { advice: 'Give one.' });
    const bench = new ModelBench({
      list: async ({ vendor, apiKey }) => {
        if (apiKey === undefined) throw refused;
        return [row(vendor, 'one')];
      },
    });
    const { actions, session } = open(bench);
    answers = ['OpenAI-compatible endpoint', a, key, 'one'];
    await actions.chooseModel();
    assert.deepEqual(bench.asked.slice(0, 2), [
      'list openai-compatible without a key',
      `list openai-compatible ${key}`,
    ]);
    assert.deepEqual(session(), { vendor: 'openai-compatible', model: 'one' });
  });

  it('one that the session names and that is gone is set again under its name', async () => {
    const bench = listed();
    const { actions, choose } = open(bench);
    choose({ vendor: 'anthropic', model: 'one', keyName: 'work' });
    answers = ['Anthropic', key];
    await actions.setApiKey();
    assert.deepEqual(await bench.keys.names('anthropic'), ['work']);
  });

  it('one is set for a local server too, and what is said after a removal is true', async () => {
    const bench = listed();
    const { actions } = open(bench);
    for (const name of ['home', 'team', 'work']) await bench.keys.set('vllm', name, key);
    answers = ['vLLM', ''];
    await actions.setApiKey();
    assert.match(messages.at(-1) ?? '', /"work" of vLLM was removed\. Choose which of the others is used/);
    await bench.keys.use('vllm', 'team');
    answers = ['vLLM', ''];
    await actions.setApiKey();
    assert.match(messages.at(-1) ?? '', /"team" of vLLM was removed\. The key "home" is used now\./);
  });
});
