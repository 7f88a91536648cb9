import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import { modelError } from '../../src/core/model/errors';
import type { KeepAlive, ModelChunk, ModelError, ModelProvider } from '../../src/core/model/provider';
import { streamWithRetry, type StreamOptions } from '../../src/core/model/streamWithRetry';
import { readAll, request, text, message, textOfChunks } from '../support/streams';

type Step = ModelChunk | KeepAlive | Error | 'hang' | { readonly waitMs: number };

/** A provider that plays one script per call and keeps what happened to its calls. */
function provider(
  ...scripts: readonly (readonly Step[])[]
): ModelProvider & { readonly aborted: boolean[]; calls: number } {
  const aborted: boolean[] = [];
  return {
    vendor: 'test',
    model: 'm',
    capabilities: {
      system: true,
      tools: true,
      parallelToolCalls: true,
      images: false,
      pdf: false,
      thinking: true,
      usage: 'reported',
    },
    maxWindowSize: 1000,
    maxOutputTokens: 100,
    aborted,
    calls: 0,
    async *stream(_request, signal) {
      const call = this.calls++;
      signal.addEventListener('abort', () => (aborted[call] = true));
      for (const step of scripts[Math.min(call, scripts.length - 1)] ?? []) {
        if (step === 'hang') await new Promise(() => undefined);
        else if (step instanceof Error) throw step;
        else if ('waitMs' in step) await pause(step.waitMs);
        else yield step;
      }
    },
  };
}

const say = (delta: string): ModelChunk => ({ type: 'text', delta });
const finish: ModelChunk = { type: 'finish', reason: 'stop' };
const usage: ModelChunk = {
  type: 'usage',
  usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0 },
};
const down = (): ModelError => modelError('service_unavailable', 'down');
const question = request([message('user', text('hello'))]);
const fast = { baseDelayMs: 1, jitterFactor: 0 };

function options(more: Partial<StreamOptions> = {}): StreamOptions {
  return { signal: new AbortController().signal, config: fast, ...more };
}

function abortSoon(controller: AbortController): Promise<number> {
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve(performance.now());
      controller.abort(new Error('stop'));
    }, 20);
  });
}

describe('streamWithRetry', () => {
  it('waits for the first chunk as long as its model may need to be loaded, and only for the first', async () => {
    const slow = { ...provider([{ waitMs: 60 }, say('a'), finish]), firstChunkTimeoutMs: 1_000 };
    const quick = { ...provider([{ type: 'keep_alive' }, 'hang']), firstChunkTimeoutMs: 20 };
    assert.equal((await readAll(streamWithRetry(slow, question, options()))).error, undefined);
    const { error } = await readAll(streamWithRetry(quick, question, options({ config: { maxRetries: 0 } })));
    assert.equal((error as ModelError).code, 'timeout');
    assert.match((error as ModelError).message, /0\.02 seconds/);
    const stuck = { ...provider([say('a'), 'hang']), firstChunkTimeoutMs: 1_000_000 };
    const late = await readAll(streamWithRetry(stuck, question, options({ idleTimeoutMs: 30 })));
    assert.equal((late.error as ModelError).code, 'timeout');
  });

  it('passes an answer through in order and asks once', async () => {
    const model = provider([say('a'), say('b'), usage, finish]);
    const { chunks, error } = await readAll(streamWithRetry(model, question, options()));
    assert.equal(error, undefined);
    assert.deepEqual(chunks, [say('a'), say('b'), usage, finish]);
    assert.equal(model.calls, 1);
  });

  it('starts over after a retryable failure and tells of it, as long as nothing was seen', async () => {
    const model = provider([down()], [say('hi'), finish]);
    const told: [string, number, number][] = [];
    const read = await readAll(
      streamWithRetry(
        model,
        question,
        options({ onRetry: (error, attempt, delayMs) => told.push([error.code, attempt, delayMs]) }),
      ),
    );
    assert.equal(textOfChunks(read.chunks), 'hi');
    assert.deepEqual(told, [['service_unavailable', 1, 1]]);
  });

  it('keeps what nobody saw of a failed attempt to itself: usage, hidden thinking, empty deltas', async () => {
    const hidden: ModelChunk = { type: 'reasoning_end', data: { signature: 's' } };
    const model = provider([hidden, usage, say(''), down()], [hidden, say('hi'), finish]);
    const { chunks } = await readAll(streamWithRetry(model, question, options()));
    assert.deepEqual(chunks, [hidden, say('hi'), finish]);
  });

  for (const visible of [
    say('h'),
    { type: 'reasoning', delta: 'h' },
    { type: 'tool_call_start', id: '1', name: 'fs_read' },
  ] satisfies ModelChunk[])
    it(`does not start over once ${visible.type} was passed on`, async () => {
      const model = provider([visible, down()], [say('again'), finish]);
      const { chunks, error } = await readAll(streamWithRetry(model, question, options()));
      assert.deepEqual(chunks, [visible]);
      assert.equal((error as ModelError).code, 'service_unavailable');
      assert.equal(model.calls, 1);
    });

  it('does not try again what cannot succeed', async () => {
    const model = provider([modelError('authentication', 'wrong key')]);
    const { error } = await readAll(streamWithRetry(model, question, options()));
    assert.equal((error as ModelError).code, 'authentication');
    assert.equal(model.calls, 1);
  });

  it('takes an end without finish for a cut, and starts over if nothing was seen', async () => {
    const silent = provider([], [say('hi'), finish]);
    assert.equal((await readAll(streamWithRetry(silent, question, options()))).error, undefined);
    const cut = provider([say('half')]);
    const { error } = await readAll(streamWithRetry(cut, question, options()));
    assert.equal((error as ModelError).code, 'stream_cut');
    assert.match((error as ModelError).message, /test:m/);
  });

  it('ends with a time-out when the provider falls silent, and ends its request', async () => {
    const model = provider([say('half'), 'hang']);
    const startedAt = performance.now();
    const { chunks, error } = await readAll(streamWithRetry(model, question, options({ idleTimeoutMs: 60 })));
    assert.equal((error as ModelError).code, 'timeout');
    assert.deepEqual(chunks, [say('half')]);
    assert.ok(performance.now() - startedAt < 300);
    assert.deepEqual(model.aborted, [true]);
  });

  it('does not count the time that the reader takes', async () => {
    const model = provider([say('a'), say('b'), finish]);
    let read = '';
    for await (const chunk of streamWithRetry(model, question, options({ idleTimeoutMs: 40 }))) {
      await pause(60);
      if (chunk.type === 'text') read += chunk.delta;
    }
    assert.equal(read, 'ab');
  });

  it('lives on signs of life and does not pass them on', async () => {
    const alive: readonly Step[] = [{ type: 'keep_alive' }, { waitMs: 150 }];
    const model = provider([...alive, ...alive, ...alive, say('hi'), finish]);
    const { chunks, error } = await readAll(streamWithRetry(model, question, options({ idleTimeoutMs: 400 })));
    assert.equal(error, undefined);
    assert.deepEqual(chunks, [say('hi'), finish]);
  });

  it('counts an answer as complete once it has finished, whatever the connection does then', async () => {
    for (const after of ['hang', down()] satisfies Step[]) {
      const { chunks, error } = await readAll(
        streamWithRetry(provider([say('hi'), finish, after]), question, options({ idleTimeoutMs: 30 })),
      );
      assert.equal(error, undefined);
      assert.equal(chunks.length, 2);
    }
  });

  it('throws the reason of an abort within 100 ms: while it waits for the provider', async () => {
    const controller = new AbortController();
    const model = provider(['hang']);
    const abortedAt = abortSoon(controller);
    const { error } = await readAll(streamWithRetry(model, question, options({ signal: controller.signal })));
    assert.equal((error as Error).message, 'stop');
    assert.ok(performance.now() - (await abortedAt) < 100);
    assert.deepEqual(model.aborted, [true]);
  });

  it('throws the reason of an abort within 100 ms: while it waits to try again', async () => {
    const controller = new AbortController();
    const model = provider([down()]);
    const abortedAt = abortSoon(controller);
    const { error } = await readAll(
      streamWithRetry(model, question, options({ signal: controller.signal, config: { baseDelayMs: 30_000 } })),
    );
    assert.equal((error as Error).message, 'stop');
    assert.ok(performance.now() - (await abortedAt) < 100);
    assert.equal(model.calls, 1);
  });

  it('ends the request when the reader leaves the loop', async () => {
    const model = provider([say('a'), say('b'), 'hang']);
    for await (const chunk of streamWithRetry(model, question, options())) {
      assert.deepEqual(chunk, say('a'));
      break;
    }
    assert.deepEqual(model.aborted, [true]);
  });
});
