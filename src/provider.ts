/** `countersign/provider`: retrying calls to services, and what can go wrong with a model. */
export { withRetry, DEFAULT_RETRY_CONFIG, type OnRetry, type RetryConfig, type RetryPorts } from './core/model/retry';
export {
  AuthenticationError,
  ContextLengthError,
  InvalidRequestError,
  NetworkError,
  QuotaExceededError,
  RateLimitError,
  ServiceUnavailableError,
  TimeoutError,
  type ModelErrorOptions,
} from './core/model/errors';
export { ModelError, type ModelErrorCode } from './core/model/provider';
