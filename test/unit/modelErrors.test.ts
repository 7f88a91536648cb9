import { strict as assert } from 'node:assert';
import { inspect } from 'node:util';
import { httpError, retryAfterMs, toModelError } from '../../src/node/models/errors';
import type { ModelError } from '../../src/core/model/provider';
import type { Endpoint } from '../../src/node/models/advice';
import { redact, secretsOf, tidy } from '../../src/node/models/failure';

const endpoint: Endpoint = {
  label: 'OpenAI',
  model: 'gpt-5.4',
  baseUrl: 'https://api.openai.com/v1',
  secrets: ['opensesame-0123'],
};
const local: Endpoint = { ...endpoint, label: 'Ollama', baseUrl: 'http://127.0.0.1:11434/v1' };
const openAiError = (message: string, more: object = {}): string => JSON.stringify({ error: { message, ...more } });

describe('A failed HTTP answer', () => {
  const table: readonly (readonly [status: number, body: string, code: string])[] = [
    [400, openAiError('Unknown parameter'), 'invalid_request'],
    [422, openAiError('tools[0]: extra'), 'invalid_request'],
    [401, openAiError('Incorrect API key'), 'authentication'],
    [403, openAiError('Country not supported'), 'authentication'],
    [402, openAiError('Payment required'), 'quota_exceeded'],
    [429, openAiError('You exceeded your current quota', { code: 'insufficient_quota' }), 'quota_exceeded'],
    [400, openAiError('Your credit balance is too low to access the API'), 'quota_exceeded'],
    [404, openAiError('No such model'), 'model_not_found'],
    [400, openAiError('The model does not exist', { code: 'model_not_found' }), 'model_not_found'],
    [408, 'Request timeout', 'timeout'],
    [504, '', 'timeout'],
    [413, openAiError('Request too large'), 'invalid_request'],
    [413, '<html><head><title>413 Request Entity Too Large</title></head></html>', 'invalid_request'],
    [413, openAiError('Prompt has too many tokens'), 'context_length'],
    [413, openAiError('Request too large for model `x` on tokens per minute (TPM): Limit 6000'), 'context_length'],
    [400, openAiError('prompt is too long: 210000 tokens > 200000 maximum'), 'context_length'],
    [400, openAiError("This model's maximum context length is 128000 tokens"), 'context_length'],
    [
      400,
      openAiError("This model's maximum prompt length is 131072 but the request contains 9 tokens"),
      'context_length',
    ],
    [400, openAiError('Prompt exceeds max length', { code: '1261' }), 'context_length'],
    [422, openAiError('`inputs` tokens + `max_new_tokens` must be <= 8193. Given: 9000'), 'context_length'],
    [400, openAiError('Your request exceeded model token limit: 8192'), 'context_length'],
    [400, openAiError('max_tokens must be <= 4096'), 'invalid_request'],
    [400, openAiError('Incorrect API key provided: xa***9. Obtain one from the console'), 'authentication'],
    [403, openAiError('You have exceeded current quota', { type: 'exceeded_current_quota_error' }), 'quota_exceeded'],
    [429, openAiError('You exceeded your current token quota: 100, please check'), 'quota_exceeded'],
    [403, openAiError("Your newly created team doesn't have any credits yet."), 'quota_exceeded'],
    [400, openAiError('You have reached your specified API usage limits.'), 'quota_exceeded'],
    [403, openAiError('Key limit exceeded (total limit)'), 'quota_exceeded'],
    [400, openAiError('The response was filtered', { code: 'content_filter' }), 'content_filter'],
    [403, openAiError('m-1 requires moderation. Your input was flagged for "violence"'), 'content_filter'],
    [403, '<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>', 'invalid_response'],
    [407, 'Proxy Authentication Required', 'network'],
    [500, openAiError('the request exceeds the available context size'), 'context_length'],
    [429, openAiError('Rate limit reached'), 'rate_limit'],
    [500, openAiError('Oops'), 'service_unavailable'],
    [503, 'upstream connect error', 'service_unavailable'],
    [529, openAiError('Overloaded'), 'service_unavailable'],
  ];
  for (const [status, body, code] of table)
    it(`with ${status} and ${body || 'no words'} is ${code}`, () => {
      const error = httpError(status, new Headers(), body, endpoint);
      assert.equal(error.code, code);
      assert.match(error.message, new RegExp(`^OpenAI answered with status ${status}`));
      assert.notEqual(error.advice, '');
    });

  it('quotes the vendor in whatever shape it speaks', () => {
    const said = (body: string): string => httpError(400, new Headers(), body, endpoint).message;
    assert.match(said('{"error":"model is busy"}'), /: model is busy\.$/);
    assert.match(said('{"message":"bad thing"}'), /: bad thing\.$/);
    assert.match(said('{"detail":[{"loc":["body"],"msg":"extra field"}]}'), /extra field/);
    assert.match(said('[{"error":{"message":"in a list"}}]'), /: in a list\.$/);
    assert.match(
      said(openAiError('Provider returned error', { metadata: { raw: 'the upstream words' } })),
      /the upstream words/,
    );
    assert.match(said('plain words\n  over lines'), /: plain words over lines\.$/);
  });

  it('names the key command, the model, the account or the setting in its advice', () => {
    const advice = (status: number): string => httpError(status, new Headers(), '', endpoint).advice;
    assert.match(advice(401), /Countersign: Set API Key/);
    assert.match(advice(404), /gpt-5\.4.*countersign\.endpoints/);
    assert.match(advice(402), /OpenAI/);
  });

  it('points at the proxy, the attachment or the page in between where those are to blame', () => {
    const advice = (status: number, body = ''): string => httpError(status, new Headers(), body, endpoint).advice;
    assert.match(advice(407), /proxy.*`http\.proxy`/);
    assert.match(advice(413), /smaller attachment/);
    assert.match(advice(403, '<!doctype html><title>Access denied</title>'), /proxy or a sign-in page/);
    assert.doesNotMatch(advice(403, '<!doctype html>'), /Set API Key/);
  });

  it('sends nobody to the status page or the account of a server of their own', () => {
    for (const kind of ['custom', 'local'] as const)
      for (const status of [402, 503, 504]) {
        const { advice } = httpError(status, new Headers(), '', { ...endpoint, kind, label: 'Some endpoint' });
        assert.doesNotMatch(advice, /Some endpoint|status page|account/);
      }
    assert.match(httpError(503, new Headers(), '', { ...endpoint, kind: 'custom' }).advice, /the server's own log/);
  });

  it('never holds a key: not ours, not one that looks like one', () => {
    const body = openAiError(
      'Key opensesame-0123 or sk-proj-abcdef1234567890 or sk-ab*****************yz is wrong. Bearer abc.def-ghi',
    );
    const { message } = httpError(401, new Headers(), body, endpoint);
    assert.doesNotMatch(message, /opensesame|sk-proj|abcdef|\*{3}|abc\.def/);
    assert.match(message, /is wrong/);
  });

  it('never holds a header of the user, nor what stands behind its scheme, and spares short words', () => {
    const secrets = secretsOf('12345678', {
      authorization: 'Bearer 0paque value',
      'x-debug': 'true',
      'x-id': 'team-token-1',
    });
    const body = openAiError('It is true that 0paque value, Bearer 0paque value, team-token-1 and 12345678 are wrong');
    const { message } = httpError(400, new Headers(), body, { ...endpoint, secrets });
    assert.match(message, /: It is true that \[key\], \[key\], \[key\] and \[key\] are wrong\.$/);
  });

  it('is quoted to 300 characters', () => {
    assert.equal(tidy('x'.repeat(5_000), []).length, 301);
  });

  it('leaves ordinary words with hyphens and digits alone', () => {
    const plain = 'The key-value model gpt-5.4-mini-2026-03-17 is not in sk-learn; see claude-sonnet-4-5-20250929.';
    assert.equal(redact(plain, []), plain);
  });
});

describe("Google's words", () => {
  const google: Endpoint = { ...endpoint, label: 'Google Gemini' };
  const said = (status: number, name: string, message: string, details: readonly object[] = []): ModelError =>
    httpError(
      status,
      new Headers(),
      JSON.stringify({ error: { code: status, message, status: name, details } }),
      google,
    );
  const quota = 'You exceeded your current quota, please check your plan and billing details.';
  const limit = (quotaId: string): object => ({ '@type': 'QuotaFailure', violations: [{ quotaId }] });

  it('for too many requests in a minute are a rate limit, with the wait that stands in the body', () => {
    const error = said(429, 'RESOURCE_EXHAUSTED', quota, [
      limit('GenerateRequestsPerMinutePerProjectPerModel-FreeTier'),
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.5s' },
    ]);
    assert.deepEqual([error.code, error.retryAfterMs], ['rate_limit', 34_500]);
  });

  it('for too many requests in a day are a quota, which waiting does not mend', () => {
    const error = said(429, 'RESOURCE_EXHAUSTED', quota, [limit('GenerateRequestsPerDayPerProjectPerModel-FreeTier')]);
    assert.equal(error.code, 'quota_exceeded');
  });

  it('for a wrong key are what they are, although the status is 400', () => {
    const error = said(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
      { reason: 'API_KEY_INVALID' },
    ]);
    assert.equal(error.code, 'authentication');
  });

  it('for too long a conversation lead to a shorter one', () => {
    const message = 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).';
    const error = said(400, 'INVALID_ARGUMENT', message);
    assert.equal(error.code, 'context_length');
    assert.match(error.advice, /^Compact the conversation, start a new session, or choose a model with a larger/);
  });
});

describe('retry-after', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  const after = (headers: Record<string, string>): number | undefined => retryAfterMs(new Headers(headers), now);

  it('is read in seconds, in milliseconds and as a date', () => {
    assert.equal(after({ 'retry-after': '12' }), 12_000);
    assert.equal(after({ 'retry-after': '0.5' }), 500);
    assert.equal(after({ 'retry-after-ms': '250', 'retry-after': '12' }), 250);
    assert.equal(after({ 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT' }), 30_000);
    assert.equal(after({ 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' }), 0);
  });

  it('is nothing where it is missing or makes no sense', () => {
    assert.equal(after({}), undefined);
    assert.equal(after({ 'retry-after': 'soon' }), undefined);
  });
});

describe('A failed connection', () => {
  const failed = (code: string): TypeError =>
    new TypeError('fetch failed', { cause: Object.assign(new Error(`connect ${code}`), { code }) });

  it('is a network failure that names address and cause', () => {
    for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_SOCKET']) {
      const error = toModelError(failed(code), endpoint);
      assert.deepEqual([error.code, error.retryable], ['network', true]);
      assert.match(error.message, new RegExp(`api\\.openai\\.com.*${code}`));
    }
  });

  it('that took too long is a time-out', () => {
    for (const code of ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])
      assert.equal(toModelError(failed(code), endpoint).code, 'timeout');
  });

  it('advises what fits: start the local server, look at the certificate, look at the network', () => {
    assert.match(toModelError(failed('ECONNREFUSED'), local).advice, /^Start Ollama/);
    assert.match(toModelError(failed('SELF_SIGNED_CERT_IN_CHAIN'), endpoint).advice, /certificate/);
    assert.match(toModelError(failed('ENOTFOUND'), endpoint).advice, /network/);
  });
});

describe('A defect', () => {
  it('is not taken for a broken network', () => {
    const error = toModelError(new TypeError("Cannot read properties of undefined (reading 'x')"), endpoint);
    assert.deepEqual([error.code, error.retryable], ['invalid_response', false]);
  });
});

describe('What the SDK cannot send', () => {
  it('is a request that cannot be, not a broken answer', () => {
    const cause = new Error("'file part media type text/csv' functionality not supported");
    cause.name = 'AI_UnsupportedFunctionalityError';
    const error = toModelError(cause, endpoint);
    assert.equal(error.code, 'invalid_request');
    assert.match(error.message, /OpenAI.*text\/csv/);
    assert.match(error.advice, /Choose another model/);
  });
});

describe('An error inside a stream', () => {
  const table: readonly (readonly [error: unknown, code: string])[] = [
    [{ type: 'overloaded_error', message: 'Overloaded' }, 'service_unavailable'],
    [{ type: 'rate_limit_error', message: 'Slow down' }, 'rate_limit'],
    [{ message: 'Upstream', code: 429 }, 'rate_limit'],
    [{ message: 'quota', code: 'insufficient_quota' }, 'quota_exceeded'],
    [{ message: 'prompt is too long', type: 'invalid_request_error' }, 'context_length'],
    // As OpenAI's Responses say it, before and after the first word.
    [{ type: 'response.failed', response: { error: { code: 'rate_limit_exceeded', message: 'Slow' } } }, 'rate_limit'],
    [{ type: 'error', code: 'context_length_exceeded', message: 'Too long', statusCode: 400 }, 'context_length'],
    [{ type: 'response.failed', code: 'server_error', message: 'Oops', statusCode: 500 }, 'service_unavailable'],
    [{ type: 'RESOURCE_EXHAUSTED', code: 429, message: 'Quota' }, 'rate_limit'],
    [{ message: 'who knows' }, 'service_unavailable'],
    ['just words', 'service_unavailable'],
    [undefined, 'service_unavailable'],
  ];
  for (const [error, code] of table)
    it(`that reads ${inspect(error)} is ${code}`, () => {
      assert.equal(toModelError(error, endpoint).code, code);
    });
});
