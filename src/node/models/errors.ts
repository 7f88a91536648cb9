import { modelError } from '../../core/model/errors';
import { ModelError, type ModelErrorCode } from '../../core/model/provider';
import { adviceFor, type AdviceClues, type Endpoint } from './advice';
import { failureOf, readFailure, tidy, webPage, type Failure } from './failure';

/** A failed HTTP answer as a ModelError that quotes the status and the vendor's own words. */
export function httpError(status: number, headers: Headers, body: string, endpoint: Endpoint): ModelError {
  const failure = readFailure(status, body, endpoint.secrets);
  return failed(failure, endpoint, retryAfterMs(headers, Date.now()) ?? failure.retryAfterMs);
}

/** Anything that a call of the SDK throws or streams as an error. */
export function toModelError(error: unknown, endpoint: Endpoint): ModelError {
  const own = chain(error).find((link) => link instanceof ModelError);
  if (own) return own;
  const networkCode = chain(error)
    .map(codeOf)
    .find((code) => code !== undefined);
  if (isApiCallError(error)) {
    const { statusCode, responseBody, message } = error;
    if (statusCode !== undefined && statusCode >= 400)
      return failed(readFailure(statusCode, responseBody ?? message, endpoint.secrets), endpoint);
  }
  if (isCutOff(error)) return cutOff(endpoint);
  if (error instanceof Error && error.name === 'AI_UnsupportedFunctionalityError')
    return describe(
      'invalid_request',
      sentence(`${endpoint.label} takes no such request: ${tidy(error.message, endpoint.secrets)}`),
      endpoint,
    );
  if (networkCode !== undefined || chain(error).some(isFetchFailure)) return unreachable(networkCode, error, endpoint);
  // The SDK goes on with advice for its own users.
  if (isApiCallError(error)) return unreadable(error.message.split('. ')[0] ?? '', error, endpoint);
  if (error instanceof Error) return unreadable(error.message, error, endpoint);
  if (typeof error === 'string') return failed(failureOf(error, undefined, endpoint.secrets), endpoint);
  return failed(readFailure(undefined, error === undefined ? '' : JSON.stringify(error), endpoint.secrets), endpoint);
}

/** The answer ended before it was complete. `why`: the vendor's word for it. */
export function cutOff(endpoint: Endpoint, why?: string): ModelError {
  const reason = why === undefined || why === 'error' ? '' : ` (${tidy(why, endpoint.secrets)})`;
  return describe('stream_cut', `${endpoint.label} ended its answer in the middle${reason}.`, endpoint);
}

/** The answer is not what a model sends. */
export function unreadable(what: string, cause: unknown, endpoint: Endpoint): ModelError {
  const message = `${endpoint.label} (${endpoint.baseUrl}) sent what is not an answer of a model: ${tidy(what, endpoint.secrets)}`;
  return describe('invalid_response', sentence(message), endpoint, { cause });
}

/** How long a `retry-after` asks to wait: milliseconds, seconds or a date. */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const inMs = headers.get('retry-after-ms');
  if (inMs !== null && /^\d+(\.\d+)?$/.test(inMs)) return Number(inMs);
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

function failed(failure: Failure, endpoint: Endpoint, waitMs?: number): ModelError {
  const code = codeFor(failure);
  const status = failure.status === undefined ? '' : ` with status ${failure.status}`;
  const words = failure.words === '' ? '' : `: ${failure.words}`;
  const message = sentence(`${endpoint.label} answered${status === '' ? ' with an error' : status}${words}`);
  return describe(code, message, endpoint, {
    status: failure.status,
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
  });
}

/** Vendors end their words as they like. */
const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** Words before numbers: vendors give the same status to quite different failures. */
function codeFor({ status, words, kind }: Failure): ModelErrorCode {
  const said = `${kind} ${words}`.toLowerCase();
  // Google calls a limit per minute a quota, too; what is for a whole day is not worth waiting for.
  if (/resource_exhausted/.test(said)) return /per_?day/.test(said) ? 'quota_exceeded' : 'rate_limit';
  if (status === 402 || quotaWords.test(said)) return 'quota_exceeded';
  if (keyWords.test(said)) return 'authentication';
  if (mayBeAboutThePrompt(status)) {
    if (filterWords.test(said)) return 'content_filter';
    if (contextWords.test(said)) return 'context_length';
  }
  if (status === 404 || /model_not_found/.test(said)) return 'model_not_found';
  switch (status) {
    case undefined:
      return 'service_unavailable';
    case 401:
      return 'authentication';
    case 403: // A page comes from somebody in between, who does not know the key.
      return kind === webPage ? 'invalid_response' : 'authentication';
    case 407:
      return 'network';
    case 408:
    case 504:
      return 'timeout';
    case 429:
      return 'rate_limit';
    default:
      return status >= 500 ? 'service_unavailable' : 'invalid_request';
  }
}

const quotaWords =
  /insufficient_quota|billing_error|billing_hard_limit|credit balance|exceeded[_ ](your )?(current[_ ])?(token )?quota|insufficient (credits|balance|funds)|out of credits|have any credits|specified api usage limits|key limit exceeded|payment required/;
const keyWords = /api_key_invalid|api key not valid|(incorrect|invalid)[_ ]api[_ ]key/;
const filterWords =
  /content_filter|content_policy|content management policy|responsibleaipolicy|\bflagged\b|unsafe or sensitive content/;
const contextWords =
  /context[_ ]length|context[_ ]window|context size|maximum context|prompt is too long|input is too long|too many (input )?tokens|exceeds? the (model's )?(maximum|limit).*tokens|reduce the length|maximum prompt length|prompt exceeds max|exceeded model token limit|input.*tokens.*must be <=|too large for.*tokens/;

/** Some local servers answer 500 to a prompt that is too long. */
function mayBeAboutThePrompt(status: number | undefined): boolean {
  return status === undefined || [400, 403, 413, 422, 500].includes(status);
}

function unreachable(code: string | undefined, cause: unknown, endpoint: Endpoint): ModelError {
  const isTimeout = code !== undefined && /TIMEDOUT|TIMEOUT/.test(code);
  const why = code ?? tidy(chain(cause).at(-1)?.message ?? 'unknown cause', endpoint.secrets);
  const message = isTimeout
    ? `${endpoint.label} (${endpoint.baseUrl}) did not answer in time (${why}).`
    : `The connection to ${endpoint.label} (${endpoint.baseUrl}) failed (${why}).`;
  return describe(isTimeout ? 'timeout' : 'network', message, endpoint, { cause, networkCode: code });
}

function describe(
  code: ModelErrorCode,
  message: string,
  endpoint: Endpoint,
  more: AdviceClues & { readonly cause?: unknown; readonly retryAfterMs?: number } = {},
): ModelError {
  return modelError(code, message, {
    advice: adviceFor(code, endpoint, more),
    ...(more.retryAfterMs !== undefined && { retryAfterMs: more.retryAfterMs }),
    // An APICallError holds the whole conversation; what stands behind it does not.
    ...(more.cause !== undefined && { cause: isApiCallError(more.cause) ? more.cause.cause : more.cause }),
  });
}

interface ApiCallError extends Error {
  readonly statusCode?: number;
  readonly responseBody?: string;
}

/** The SDK's errors are known by their names: its classes live in the bundles that are loaded later. */
function isApiCallError(error: unknown): error is ApiCallError {
  return error instanceof Error && error.name === 'AI_APICallError';
}

/** How the SDK says that the stream ended without a finish reason. */
function isCutOff(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === 'AI_InvalidResponseDataError' &&
    'data' in error &&
    error.data === undefined
  );
}

/** `fetch` gives no code to a connection that broke in mid-body; any other TypeError is a defect, not a network. */
function isFetchFailure(error: unknown): boolean {
  return error instanceof TypeError && /^(fetch failed|terminated|failed to fetch)$/i.test(error.message);
}

/** An error and its causes, outermost first. */
function chain(error: unknown): readonly Error[] {
  const links: Error[] = [];
  for (let link = error; link instanceof Error && !links.includes(link); link = link.cause) links.push(link);
  return links;
}

/** Codes of the operating system, of OpenSSL and of undici are capitals and underscores. */
function codeOf(error: Error): string | undefined {
  if (!('code' in error) || typeof error.code !== 'string') return undefined;
  return /^[A-Z][A-Z0-9_]+$/.test(error.code) ? error.code : undefined;
}
