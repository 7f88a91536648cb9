import { ConfigError } from '../errors';
import { sleep } from '../util/sleep';

/** How often and after which waits a call is tried again. Times are milliseconds. */
export interface RetryConfig {
  /** Tries after the first one. 0 = never retry. */
  readonly maxRetries: number;
  /** Before the first retry; it doubles with each further one. */
  readonly baseDelayMs: number;
  /** No wait is longer. A service that asks for a longer one is not tried again. */
  readonly maxDelayMs: number;
  /** 0 to 1: how far a delay may stray to either side, so that many callers do not come back at the same moment. */
  readonly jitterFactor: number;
  /** Who is called; for messages. */
  readonly provider?: string;
}

/** Three retries after about 1, 2 and 4 seconds. */
export const DEFAULT_RETRY_CONFIG: RetryConfig = {
  maxRetries: 3,
  baseDelayMs: 1_000,
  maxDelayMs: 60_000,
  jitterFactor: 0.2,
};

/** Called before each wait. `attempt` counts the retries from 1. */
export type OnRetry<E extends Error = Error> = (error: E, attempt: number, delayMs: number) => void;

/** What passes the time and rolls the dice; replaced in tests. */
export interface RetryPorts {
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 to 1, 1 excluded. */
  readonly random: () => number;
}

export const systemRetryPorts: RetryPorts = { sleep, random: Math.random };

/**
 * Runs `fn` and, when it fails with an error whose `retryable` is true, again after an exponential back-off; what is
 * missing in `config` comes from DEFAULT_RETRY_CONFIG. Every other error, and the last one, is thrown as it came.
 * @throws ConfigError 'invalid_value' for a config that makes no sense; the signal's reason when aborted.
 */
export async function withRetry<T>(
  fn: () => Promise<T> | T,
  config: Partial<RetryConfig> = {},
  onRetry?: OnRetry,
  signal: AbortSignal = new AbortController().signal,
  ports: RetryPorts = systemRetryPorts,
): Promise<T> {
  const complete = completeRetryConfig(config);
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await fn();
    } catch (error) {
      signal.throwIfAborted();
      const delayMs = retryDelayMs(error, attempt, complete, ports.random);
      if (delayMs === undefined || !(error instanceof Error)) throw error;
      onRetry?.(error, attempt, delayMs);
      await ports.sleep(delayMs, signal);
    }
  }
}

/** @throws ConfigError 'invalid_value' */
export function completeRetryConfig(config: Partial<RetryConfig>): RetryConfig {
  const complete: RetryConfig = {
    maxRetries: config.maxRetries ?? DEFAULT_RETRY_CONFIG.maxRetries,
    baseDelayMs: config.baseDelayMs ?? DEFAULT_RETRY_CONFIG.baseDelayMs,
    maxDelayMs: config.maxDelayMs ?? DEFAULT_RETRY_CONFIG.maxDelayMs,
    jitterFactor: config.jitterFactor ?? DEFAULT_RETRY_CONFIG.jitterFactor,
    ...(config.provider !== undefined && { provider: config.provider }),
  };
  const { provider = 'the model', ...numbers } = complete;
  for (const [name, value] of Object.entries(numbers)) {
    if (value >= 0 && !Number.isNaN(value)) continue;
    throw new ConfigError('invalid_value', `The retry setting ${name} for ${provider} is ${value}.`, {
      advice: `Use a number from 0 on; the default is ${JSON.stringify(DEFAULT_RETRY_CONFIG)}.`,
    });
  }
  return complete;
}

/** Milliseconds to wait before retry number `attempt` (from 1), or undefined where trying again is of no use. */
export function retryDelayMs(
  error: unknown,
  attempt: number,
  config: RetryConfig,
  random: () => number,
): number | undefined {
  if (!isRetryable(error) || attempt > config.maxRetries) return undefined;
  const askedMs = error.retryAfterMs ?? 0;
  if (askedMs > config.maxDelayMs) return undefined;
  const backOffMs = Math.min(config.baseDelayMs * 2 ** (attempt - 1), config.maxDelayMs);
  const jitteredMs = backOffMs * (1 + config.jitterFactor * (2 * random() - 1));
  return Math.round(Math.min(Math.max(jitteredMs, askedMs), config.maxDelayMs));
}

/** Any error may say of itself that it is retryable; it need not be one of ours. */
function isRetryable(
  error: unknown,
): error is Error & { readonly retryable: true; readonly retryAfterMs?: number | undefined } {
  if (!(error instanceof Error) || !('retryable' in error) || error.retryable !== true) return false;
  return !('retryAfterMs' in error) || error.retryAfterMs === undefined || typeof error.retryAfterMs === 'number';
}
