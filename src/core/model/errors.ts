import { assertNever } from '../util/assertNever';
import { ModelError, type ModelErrorCode } from './provider';

/** `retryAfterMs`: how long the vendor asked to wait, in milliseconds. */
export interface ModelErrorOptions {
  readonly advice?: string;
  readonly cause?: unknown;
  readonly retryAfterMs?: number;
}

/** Too many requests. Retryable; `retryAfterMs` is honoured. */
export class RateLimitError extends ModelError {
  override readonly name = 'RateLimitError';
  constructor(message: string, options: ModelErrorOptions = {}) {
    super('rate_limit', message, options);
  }
}

/** No answer in time, or silence in the middle of one. Retryable. */
export class TimeoutError extends ModelError {
  override readonly name = 'TimeoutError';
  constructor(message: string, options: ModelErrorOptions = {}) {
    super('timeout', message, options);
  }
}

/** The vendor is down or overloaded (5xx). Retryable. */
export class ServiceUnavailableError extends ModelError {
  override readonly name = 'ServiceUnavailableError';
  constructor(message: string, options: ModelErrorOptions = {}) {
    super('service_unavailable', message, options);
  }
}

/** The vendor was not reached, or the connection broke. Retryable. */
export class NetworkError extends ModelError {
  override readonly name = 'NetworkError';
  constructor(message: string, options: ModelErrorOptions = {}) {
    super('network', message, options);
  }
}

/** The key is missing, wrong or not allowed to do this. */
export class AuthenticationError extends ModelError {
  override readonly name = 'AuthenticationError';
  constructor(message: string, options: ModelErrorOptions = {}) {
    super('authentication', message, options);
  }
}

/** The account has no credit left or has reached its spending limit. */
export class QuotaExceededError extends ModelError {
  override readonly name = 'QuotaExceededError';
  constructor(message: string, options: ModelErrorOptions = {}) {
    super('quota_exceeded', message, options);
  }
}

/** The vendor does not accept the request as it stands. */
export class InvalidRequestError extends ModelError {
  override readonly name = 'InvalidRequestError';
  constructor(message: string, options: ModelErrorOptions = {}) {
    super('invalid_request', message, options);
  }
}

/** The conversation is longer than the model's window. */
export class ContextLengthError extends ModelError {
  override readonly name = 'ContextLengthError';
  constructor(message: string, options: ModelErrorOptions = {}) {
    super('context_length', message, options);
  }
}

/** The error of a code: an instance of its own class where it has one, so that `instanceof RateLimitError` and `code === 'rate_limit'` always agree. */
export function modelError(code: ModelErrorCode, message: string, options: ModelErrorOptions = {}): ModelError {
  switch (code) {
    case 'rate_limit':
      return new RateLimitError(message, options);
    case 'timeout':
      return new TimeoutError(message, options);
    case 'service_unavailable':
      return new ServiceUnavailableError(message, options);
    case 'network':
      return new NetworkError(message, options);
    case 'authentication':
      return new AuthenticationError(message, options);
    case 'quota_exceeded':
      return new QuotaExceededError(message, options);
    case 'invalid_request':
      return new InvalidRequestError(message, options);
    case 'context_length':
      return new ContextLengthError(message, options);
    case 'model_not_found':
    case 'content_filter':
    case 'stream_cut':
    case 'invalid_response':
      return new ModelError(code, message, options);
    default:
      return assertNever(code);
  }
}
