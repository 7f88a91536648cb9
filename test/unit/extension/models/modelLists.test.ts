import { strict as assert } from 'node:assert';
import { modelError } from '../../../../src/core/model/errors';
import type { ModelRow } from '../../../../src/core/protocol/models';
import { ModelBench, row } from '../../../support/modelBench';
import { until } from '../../../support/sessionWindow';

const key = 'sk-test-0123456789-cafe';

describe('what endpoints say of their models', () => {
  it('what a local server has listed is kept for 10 minutes, unless a person asks: then it is looked for again first', async () => {
    const found = new Set(['ollama']);
    const bench = new ModelBench({ findLocal: async () => new Set(found), list: async () => [row('ollama', 'one')] });
    const listings = (): number => bench.asked.filter((one) => one.startsWith('list ollama')).length;
    await bench.picker.open();
    bench.nowMs += 9 * 60_000;
    await bench.picker.open();
    assert.equal(listings(), 1);
    bench.nowMs += 2 * 60_000;
    await bench.picker.open();
    assert.equal(listings(), 2);
    found.add('lmstudio');
    await bench.picker.list('lmstudio');
    await until(() => bench.vendor('lmstudio').ready);
    await bench.picker.list('ollama');
    assert.equal(listings(), 3);
  });

  it('who answers at the port of a local server gets its key only when a person asks for its list', async () => {
    const refused = modelError('authentication', 'A key, please.', { advice: 'Give one.' });
    const bench = new ModelBench({
      findLocal: async () => new Set(['vllm', 'llamacpp']),
      list: ({ vendor, apiKey }) => (apiKey === key ? Promise.resolve([row(vendor, 'one')]) : Promise.reject(refused)),
    });
    await bench.keys.set('vllm', 'default', key);
    await bench.picker.open();
    await until(() => typeof bench.vendor('llamacpp').list === 'object');
    assert.equal(bench.vendor('vllm').list, 'known');
    assert.ok(!bench.asked.join().includes(key));
    await bench.picker.list('vllm');
    await until(() => bench.vendor('vllm').list === 'listed');
  });

  it('a local address that cannot be is said at its vendor; the others are looked for all the same', async () => {
    const bench = new ModelBench({
      findLocal: async () => new Set(['ollama']),
      misaddressed: () => ['vllm'],
      list: async ({ vendor }) => {
        if (vendor === 'vllm') throw modelError('invalid_response', 'Not this address.', { advice: 'Another.' });
        return [row(vendor, 'one')];
      },
    });
    await bench.picker.open();
    await until(() => bench.vendor('ollama').ready && typeof bench.vendor('vllm').list === 'object');
  });

  it('after a change of key or address the answer to the old one counts no more', async () => {
    const asked: ((rows: readonly ModelRow[]) => void)[] = [];
    const bench = new ModelBench({ list: () => new Promise((resolve) => asked.push(resolve)) });
    await bench.keys.set('openai', 'default', key);
    await bench.picker.open();
    const first = bench.picker.list('openai');
    await until(() => asked.length === 1);
    bench.lists.forget('openai');
    const second = bench.picker.list('openai');
    await until(() => asked.length === 2);
    asked[1]?.([row('openai', 'new')]);
    await second;
    asked[0]?.([row('openai', 'old')]);
    await first;
    await until(() => bench.vendor('openai').list === 'listed');
    assert.deepEqual(bench.vendor('openai').models, [row('openai', 'new')]);
  });

  it('a picker that is opened again at once does not wait for what its closing has ended', async () => {
    let calls = 0;
    const bench = new ModelBench({
      findLocal: async () => new Set(['ollama']),
      list: (_endpoint, signal) =>
        calls++ === 0
          ? new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
          : Promise.resolve([row('ollama', 'one')]),
    });
    const first = bench.picker.open();
    await until(() => calls === 1);
    bench.picker.close();
    await bench.picker.open();
    await first;
    await until(() => bench.vendor('ollama').list === 'listed');
  });

  it('a key ring that does not answer holds up neither the next opening nor what needs no key', async () => {
    const bench = new ModelBench({ findLocal: async () => new Set(['ollama']) });
    const keys = bench.secrets.keys.bind(bench.secrets);
    bench.secrets.keys = () => new Promise(() => undefined);
    const first = bench.picker.open();
    await until(() => bench.asked.includes('list ollama without a key'));
    bench.picker.close();
    await first;
    await assert.rejects(bench.picker.open(), /key ring did not answer/);
    assert.equal(bench.vendor('ollama').found, true);
    bench.secrets.keys = keys;
    await bench.picker.open();
  });

  it('a key that was given for another address is neither shown as usable nor sent, and both hosts are named', async () => {
    const bench = new ModelBench();
    bench.endpoints.set('azure', 'https://a.example');
    await bench.keys.set('azure', 'default', key);
    bench.endpoints.set('azure', 'https://b.example');
    await bench.picker.open();
    assert.deepEqual([bench.vendor('azure').ready, bench.vendor('azure').keys[0]?.givenFor], [false, 'a.example']);
    await bench.picker.list('azure');
    await until(() => typeof bench.vendor('azure').list === 'object');
    assert.match(JSON.stringify(bench.vendor('azure').list), /given for a\.example.*Give one for b\.example, or send/);
    await bench.keys.set('openai-compatible', 'default', key, 'https://a.example');
    bench.endpoints.set('openai-compatible', 'https://b.example');
    await bench.picker.list('openai-compatible');
    assert.ok(!bench.asked.join().includes(key));
    assert.ok(bench.asked.includes('list openai-compatible without a key'));
  });

  it('of several keys without a chosen one none is used, and that is said', async () => {
    const bench = new ModelBench();
    for (const name of ['home', 'team', 'work']) await bench.keys.set('openai', name, key);
    await bench.keys.remove('openai', 'work');
    await bench.picker.test('one', { vendor: 'openai', model: 'gpt-5.4' });
    assert.match(JSON.stringify(bench.posted), /OpenAI has several keys, and none of them is chosen/);
  });

  it('what an endpoint has said of a used model is known after a restart and a change of key, not at another address', async () => {
    const price = { input: 1, output: 2, tiers: [{ aboveInputTokens: 9, input: 3, output: 4 }] };
    const said = { windowTokens: 70_000, maxOutputTokens: 900, price, images: true, efforts: ['low'] } as const;
    const more = { current: said as Partial<ModelRow> };
    const bench = new ModelBench({
      list: async () => [row('openrouter', 'new/one', { ...more.current, label: 'One' })],
    });
    const choice = { vendor: 'openrouter', model: 'new/one' };
    await bench.keys.set('openrouter', 'default', key);
    await bench.picker.open();
    await bench.picker.list('openrouter');
    await bench.models.use(choice, false);
    bench.lists.forget('openrouter');
    assert.deepEqual(bench.lists.traits(choice), said);
    const later = new ModelBench();
    for (const [name, value] of bench.memento.all) later.memento.all.set(name, value);
    assert.deepEqual(later.lists.traits(choice), said);
    later.endpoints.set('openrouter', 'https://other.example');
    assert.deepEqual(later.lists.traits(choice), {});
    let changes = 0;
    bench.models.onDidChange(() => changes++);
    await bench.picker.list('openrouter');
    assert.equal(changes, 0);
    more.current = { ...said, windowTokens: 80_000 };
    await bench.picker.list('openrouter');
    assert.equal(changes, 1);
    bench.lists.forget();
    assert.equal(bench.lists.traits(choice).windowTokens, 80_000);
  });

  it('a local server is asked again after a test: its real window is known then', async () => {
    const bench = new ModelBench({ findLocal: async () => new Set(['ollama']) });
    await bench.picker.open();
    await bench.picker.test('one', { vendor: 'ollama', model: 'one' });
    await until(() => bench.asked.filter((one) => one.startsWith('list ollama')).length === 2);
  });

  it('a model is used with the current key when the one it was used with is removed', async () => {
    const bench = new ModelBench();
    await bench.memory.used({ vendor: 'openai', model: 'gpt-5.4', effort: 'high', keyName: 'work' });
    await bench.memory.forgetKey('openai', 'work');
    const last = bench.memory.asLastUsed({ vendor: 'openai', model: 'gpt-5.4' });
    assert.deepEqual(last, { vendor: 'openai', model: 'gpt-5.4', effort: 'high' });
  });
});
