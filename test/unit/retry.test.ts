import { strict as assert } from 'node:assert';
import { ConfigError } from '../../src/core/errors';
import { modelError } from '../../src/core/model/errors';
import { retryDelayMs, type RetryPorts } from '../../src/core/model/retry';
import {
  AuthenticationError,
  ContextLengthError,
  DEFAULT_RETRY_CONFIG,
  InvalidRequestError,
  ModelError,
  NetworkError,
  QuotaExceededError,
  RateLimitError,
  ServiceUnavailableError,
  TimeoutError,
  withRetry,
} from '../../src/provider';

/** A clock that does not wait, and dice that always fall on the middle. */
function testPorts(random = 0.5): RetryPorts & { readonly sleeps: number[] } {
  const sleeps: number[] = [];
  return {
    sleeps,
    random: () => random,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      sleeps.push(ms);
    },
  };
}

const forever = (): AbortSignal => new AbortController().signal;

describe('withRetry', () => {
  it('runs as its documentation shows it', async () => {
    const told: string[] = [];
    let calls = 0;
    const callExternalAPI = async (): Promise<string> => {
      if (++calls === 1) throw new RateLimitError('slow down', { retryAfterMs: 3 });
      return 'done';
    };
    const result = await withRetry(
      () => callExternalAPI(),
      { maxRetries: 5, baseDelayMs: 1, provider: 'myservice' },
      (error, attempt, delay) => told.push(`${error.message}: retry ${attempt} after ${delay}ms`),
    );
    assert.equal(result, 'done');
    assert.deepEqual(told, ['slow down: retry 1 after 3ms']);
  });

  it('gives back what the function gives, without waiting', async () => {
    const ports = testPorts();
    assert.equal(await withRetry(() => 'done', {}, undefined, forever(), ports), 'done');
    assert.deepEqual(ports.sleeps, []);
  });

  it('tries again after a retryable error and doubles the wait each time', async () => {
    const ports = testPorts();
    let calls = 0;
    const told: [string, number, number][] = [];
    const answer = await withRetry(
      () => {
        calls++;
        if (calls <= 3) throw new ServiceUnavailableError(`down ${calls}`);
        return calls;
      },
      {},
      (error, attempt, delayMs) => told.push([error.message, attempt, delayMs]),
      forever(),
      ports,
    );
    assert.equal(answer, 4);
    assert.deepEqual(ports.sleeps, [1000, 2000, 4000]);
    assert.deepEqual(told, [
      ['down 1', 1, 1000],
      ['down 2', 2, 2000],
      ['down 3', 3, 4000],
    ]);
  });

  it('keeps each wait within 20 % of the doubled one and never waits longer than a minute, however the dice fall', async () => {
    for (let throws = 0; throws < 300; throws++) {
      const ports = { ...testPorts(), random: Math.random };
      const failing = (): Promise<never> => Promise.reject(new NetworkError('gone'));
      await assert.rejects(withRetry(failing, { maxRetries: 9 }, undefined, forever(), ports));
      assert.equal(ports.sleeps.length, 9);
      for (const [index, ms] of ports.sleeps.entries()) {
        const backOffMs = Math.min(1_000 * 2 ** index, 60_000);
        assert.ok(
          ms >= backOffMs * 0.8 && ms <= Math.min(backOffMs * 1.2, 60_000),
          `${ms} ms before retry ${index + 1}`,
        );
      }
    }
  });

  it('throws the last error once the retries are used up', async () => {
    const ports = testPorts();
    let calls = 0;
    await assert.rejects(
      withRetry(
        () => Promise.reject(new TimeoutError(`late ${++calls}`)),
        { maxRetries: 2 },
        undefined,
        forever(),
        ports,
      ),
      { message: 'late 3' },
    );
    assert.equal(calls, 3);
  });

  it('never tries again after an error that says it is of no use', async () => {
    for (const error of [
      new AuthenticationError('no'),
      new QuotaExceededError('no'),
      new InvalidRequestError('no'),
      new ContextLengthError('no'),
      new Error('plain'),
    ]) {
      let calls = 0;
      await assert.rejects(
        withRetry(
          () => {
            calls++;
            throw error;
          },
          {},
          undefined,
          forever(),
          testPorts(),
        ),
        error,
      );
      assert.equal(calls, 1, error.name);
    }
  });

  it("tries again after anybody's error that says it is retryable", async () => {
    let calls = 0;
    const flaky = (): string => {
      if (calls++ === 0) throw Object.assign(new Error('busy'), { retryable: true });
      return 'done';
    };
    assert.equal(await withRetry(flaky, { provider: 'myservice' }, undefined, forever(), testPorts()), 'done');
  });

  it('waits as long as the service asks when that is longer than the back-off', async () => {
    const ports = testPorts();
    let calls = 0;
    await withRetry(
      () => {
        if (calls++ === 0) throw new RateLimitError('slow down', { retryAfterMs: 7_500 });
      },
      {},
      undefined,
      forever(),
      ports,
    );
    assert.deepEqual(ports.sleeps, [7_500]);
  });

  it('gives up at once when the service asks for a longer wait than allowed', async () => {
    const ports = testPorts();
    const error = new RateLimitError('tomorrow', { retryAfterMs: 3_600_000 });
    await assert.rejects(
      withRetry(() => Promise.reject(error), {}, undefined, forever(), ports),
      error,
    );
    assert.deepEqual(ports.sleeps, []);
  });

  it('ends a real wait within 100 ms of the abort, with its reason', async () => {
    const controller = new AbortController();
    const startedAt = performance.now();
    setTimeout(() => controller.abort(new Error('stopped by hand')), 30);
    await assert.rejects(
      withRetry(() => Promise.reject(new NetworkError('gone')), { baseDelayMs: 30_000 }, undefined, controller.signal),
      { message: 'stopped by hand' },
    );
    assert.ok(performance.now() - startedAt < 130);
  });

  it('really waits and really tries again', async () => {
    let calls = 0;
    const startedAt = performance.now();
    await withRetry(
      () => {
        if (calls++ === 0) throw new NetworkError('gone');
      },
      { baseDelayMs: 40, jitterFactor: 0 },
    );
    assert.equal(calls, 2);
    assert.ok(performance.now() - startedAt >= 35);
  });

  it('names the setting and the service when a number makes no sense', async () => {
    await assert.rejects(
      withRetry(() => 1, { maxRetries: Number.NaN, provider: 'myservice' }),
      (error: unknown) => error instanceof ConfigError && /maxRetries for myservice is NaN/.test(error.message),
    );
    await assert.rejects(
      withRetry(() => 1, { baseDelayMs: -5 }),
      { code: 'invalid_value' },
    );
  });
});

describe('retryDelayMs', () => {
  const error = new ServiceUnavailableError('down');

  it('strays by the jitter factor to either side and never beyond the longest wait', () => {
    assert.equal(
      retryDelayMs(error, 1, DEFAULT_RETRY_CONFIG, () => 0),
      800,
    );
    assert.equal(
      retryDelayMs(error, 1, DEFAULT_RETRY_CONFIG, () => 1),
      1200,
    );
    const many = { ...DEFAULT_RETRY_CONFIG, maxRetries: 50 };
    assert.equal(
      retryDelayMs(error, 40, many, () => 1),
      60_000,
    );
  });

  it('has no answer when the retries are used up', () => {
    assert.equal(
      retryDelayMs(error, 4, DEFAULT_RETRY_CONFIG, () => 0.5),
      undefined,
    );
  });
});

describe('The errors of countersign/provider', () => {
  it('are ModelErrors whose class, code and retryability agree, whichever way they are made', () => {
    const table = [
      [RateLimitError, 'rate_limit', true],
      [TimeoutError, 'timeout', true],
      [ServiceUnavailableError, 'service_unavailable', true],
      [NetworkError, 'network', true],
      [AuthenticationError, 'authentication', false],
      [QuotaExceededError, 'quota_exceeded', false],
      [InvalidRequestError, 'invalid_request', false],
      [ContextLengthError, 'context_length', false],
    ] as const;
    for (const [Class, code, retryable] of table) {
      for (const error of [new Class('why', { advice: 'do this' }), modelError(code, 'why', { advice: 'do this' })]) {
        assert.ok(error instanceof Class && error instanceof ModelError && error instanceof Error);
        assert.deepEqual(
          [error.name, error.code, error.retryable, error.advice, error.family],
          [Class.name, code, retryable, 'do this', 'model'],
        );
      }
    }
  });
});
