import { strict as assert } from 'node:assert';
import { modelError } from '../../../../src/core/model/errors';
import type { ModelTest } from '../../../../src/core/protocol/models';
import { guardedSources } from '../../../../src/extension/models/guardedSources';
import { obstacleOf } from '../../../../src/extension/sessions/obstacle';
import { ModelBench, passed, row } from '../../../support/modelBench';
import { until } from '../../../support/sessionWindow';

const key = 'sk-test-0123456789-cafe';

describe("the model picker's data", () => {
  it('nobody is asked anything before it is opened or after it is closed', async () => {
    const bench = new ModelBench();
    bench.picker.changed();
    bench.picker.editorModelsChanged();
    await bench.picker.list('anthropic');
    assert.deepEqual([bench.asked, bench.posted], [[], []]);
    await bench.picker.open();
    assert.deepEqual(bench.asked, ['find', 'editor']);
    bench.picker.close();
    const posted = bench.posted.length;
    bench.picker.changed();
    await bench.picker.list('anthropic');
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([bench.asked, bench.posted.length], [['find', 'editor'], posted]);
  });

  it('shows who is ready first, and of keys only names and their last characters', async () => {
    const bench = new ModelBench({ findLocal: async () => new Set(['ollama']) });
    await bench.keys.set('openai', 'work', key);
    await bench.picker.open();
    const { vendors } = bench.shown;
    const ready = vendors.filter((vendor) => vendor.ready).map(({ id }) => id);
    assert.deepEqual(ready, ['openai', 'ollama']);
    assert.deepEqual(
      vendors.slice(0, ready.length).map(({ id }) => id),
      ready,
    );
    assert.deepEqual(bench.vendor('openai').keys, [{ name: 'work', hint: 'cafe', current: true }]);
    assert.ok(!JSON.stringify(bench.posted).includes(key));
    assert.equal(bench.vendor('lmstudio').found, false);
    assert.equal(bench.vendor('openai').found, undefined);
    assert.equal(bench.vendor('openai-compatible').baseUrl, undefined);
  });

  it('local servers are looked for at each opening, and asked for their models when they answer', async () => {
    const found = new Set<string>();
    const bench = new ModelBench({
      findLocal: async () => new Set(found),
      list: async ({ vendor }) => [row(vendor, 'qwen3:8b')],
    });
    await bench.picker.open();
    assert.equal(bench.vendor('ollama').ready, false);
    found.add('ollama');
    await bench.picker.open();
    await until(() => bench.vendor('ollama').list === 'listed');
    assert.equal(bench.vendor('ollama').ready, true);
    assert.deepEqual(bench.vendor('ollama').models, [row('ollama', 'qwen3:8b')]);
  });

  it("a vendor's list is asked for with its key whenever a person wants it, and completes what is known", async () => {
    const bench = new ModelBench({
      known: (vendor) =>
        vendor === 'anthropic' ? [row('anthropic', 'old'), row('anthropic', 'both', { label: 'Both' })] : [],
      list: async () => [row('anthropic', 'both', { windowTokens: 5 }), row('anthropic', 'new')],
    });
    await bench.keys.set('anthropic', 'default', key);
    await bench.picker.open();
    assert.equal(bench.vendor('anthropic').list, 'known');
    await bench.picker.list('anthropic');
    await until(() => bench.vendor('anthropic').list === 'listed');
    assert.deepEqual(bench.vendor('anthropic').models, [
      row('anthropic', 'both', { label: 'Both', windowTokens: 5 }),
      row('anthropic', 'new'),
      row('anthropic', 'old'),
    ]);
    await bench.picker.list('anthropic');
    assert.equal(bench.asked.filter((one) => one === `list anthropic ${key}`).length, 2);
  });

  it('a list that fails is said with what to do, and asked for again at the next try', async () => {
    let fails = true;
    const bench = new ModelBench({
      list: async () => {
        if (fails) throw modelError('authentication', 'The key is wrong.', { advice: 'Check it.' });
        return [row('openai', 'one')];
      },
    });
    await bench.keys.set('openai', 'default', key);
    await bench.picker.open();
    await bench.picker.list('openai');
    await until(() => typeof bench.vendor('openai').list === 'object');
    assert.deepEqual(bench.vendor('openai').list, { problem: 'The key is wrong.', advice: 'Check it.' });
    fails = false;
    await bench.picker.list('openai');
    await until(() => bench.vendor('openai').list === 'listed');
  });

  it('closing ends what is being asked, and the next opening asks anew', async () => {
    const bench = new ModelBench({
      list: (_endpoint, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    });
    await bench.keys.set('openai', 'default', key);
    await bench.picker.open();
    const asking = bench.picker.list('openai');
    await until(() => bench.vendor('openai').list === 'asking');
    bench.picker.close();
    await asking;
    await bench.picker.open();
    assert.equal(bench.vendor('openai').list, 'known');
    assert.deepEqual(bench.problems, []);
  });

  it('favourites and the last used models are remembered over windows, without any key', async () => {
    const bench = new ModelBench();
    const sonnet = { vendor: 'anthropic', model: 'sonnet', effort: 'high', keyName: 'work' } as const;
    await bench.memory.setFavourite({ vendor: 'ollama', model: 'qwen3:8b' }, true);
    await bench.memory.setFavourite(sonnet, true);
    await bench.memory.setFavourite({ vendor: 'ollama', model: 'qwen3:8b' }, false);
    await bench.models.use(sonnet, true);
    await bench.picker.open();
    const { favourites, recent, standard } = bench.shown;
    assert.deepEqual({ favourites, recent, standard }, { favourites: [sonnet], recent: [sonnet], standard: sonnet });
  });

  it('a test opens the model and is answered under its id', async () => {
    const bench = new ModelBench();
    await bench.keys.set('anthropic', 'default', key);
    await bench.picker.test('one', { vendor: 'anthropic', model: 'claude-sonnet-5-5' });
    assert.deepEqual(bench.asked, ['test anthropic:claude-sonnet-5-5']);
    assert.deepEqual(bench.posted, [{ type: 'modelTested', testId: 'one', result: passed('claude-sonnet-5-5') }]);
  });

  it('a model that cannot be opened has failed its test: nothing is sent', async () => {
    const bench = new ModelBench();
    await bench.picker.test('one', { vendor: 'anthropic', model: 'claude-sonnet-5-5' });
    await bench.picker.test('two', { vendor: 'anthropic', model: 'claude-sonnet-5-5', keyName: 'gone' });
    const codes = bench.posted.flatMap((message) =>
      message.type === 'modelTested' && !message.result.ok ? [`${message.testId} ${message.result.code}`] : [],
    );
    assert.deepEqual([codes, bench.asked], [['one authentication', 'two authentication'], []]);
  });

  it('in a workspace that is not trusted nobody is asked anything, and the reason is said', async () => {
    const asked = new ModelBench();
    const obstacle = () => obstacleOf({ isTrusted: false, hasFolder: true });
    const bench = new ModelBench(guardedSources(asked.sources, obstacle));
    await bench.keys.set('openai', 'default', key);
    await bench.picker.open();
    await bench.picker.list('openai');
    await bench.picker.test('one', { vendor: 'openai', model: 'gpt-5.4' });
    await until(() => typeof bench.vendor('openai').list === 'object');
    const tested = bench.posted.find((message) => message.type === 'modelTested');
    assert.match(JSON.stringify([tested, bench.vendor('openai').list]), /not trusted.*not trusted/);
    assert.deepEqual(asked.asked, []);
  });

  it('a later test ends the one before, of which nobody hears any more', async () => {
    const ended: string[] = [];
    const bench = new ModelBench({
      test: (model, signal) =>
        model.model === 'slow'
          ? new Promise<ModelTest>((_resolve, reject) =>
              signal.addEventListener('abort', () => {
                ended.push(model.model);
                reject(signal.reason as Error);
              }),
            )
          : Promise.resolve(passed(model.model)),
    });
    const slow = bench.picker.test('one', { vendor: 'ollama', model: 'slow' });
    await until(() => bench.asked.length === 1);
    await bench.picker.test('two', { vendor: 'ollama', model: 'quick' });
    await slow;
    assert.deepEqual(ended, ['slow']);
    assert.deepEqual(
      bench.posted.map((message) => (message.type === 'modelTested' ? message.testId : '')),
      ['two'],
    );
  });
});
