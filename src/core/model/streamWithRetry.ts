import { assertNever } from '../util/assertNever';
import { Patience } from '../util/patience';
import { modelError } from './errors';
import { ModelError, type KeepAlive, type ModelChunk, type ModelProvider, type ModelRequest } from './provider';
import {
  completeRetryConfig,
  retryDelayMs,
  systemRetryPorts,
  type OnRetry,
  type RetryConfig,
  type RetryPorts,
} from './retry';

export interface StreamOptions {
  readonly signal: AbortSignal;
  /** Completed from DEFAULT_RETRY_CONFIG. */
  readonly config?: Partial<RetryConfig>;
  readonly onRetry?: OnRetry<ModelError>;
  /** Longest silence, before the first chunk and between two. Default 120 s; before the first one the provider's `firstChunkTimeoutMs`. */
  readonly idleTimeoutMs?: number;
  readonly ports?: RetryPorts;
}

const defaultIdleTimeoutMs = 120_000;
/** How long a connection may stay open after the answer is complete; letting it end by itself keeps it for the next call. */
const drainMs = 500;

/**
 * One model answer, complete or not at all. Retryable failures start it over, but only while nothing visible (text,
 * reasoning, a tool call) was passed on. Aborting or leaving the loop ends the request at once, whatever the provider does.
 * @throws ModelError: 'timeout' for silence, 'stream_cut' for an end without `finish`, else what the provider threw; the signal's reason when aborted.
 */
export async function* streamWithRetry(
  provider: ModelProvider,
  request: ModelRequest,
  options: StreamOptions,
): AsyncGenerator<ModelChunk, void, undefined> {
  const { signal, ports = systemRetryPorts } = options;
  const config = completeRetryConfig(options.config ?? {});
  for (let attempt = 1; ; attempt++) {
    let visible = false;
    try {
      for await (const chunk of oneAttempt(provider, request, options.idleTimeoutMs, signal)) {
        visible = true;
        yield chunk;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (visible || !(error instanceof ModelError)) throw error;
      const delayMs = retryDelayMs(error, attempt, config, ports.random);
      if (delayMs === undefined) throw error;
      options.onRetry?.(error, attempt, delayMs);
      await ports.sleep(delayMs, signal);
    }
  }
}

/** Holds back what nobody sees (usage, signatures of hidden thinking) until something visible or the end comes. */
async function* oneAttempt(
  provider: ModelProvider,
  request: ModelRequest,
  idleTimeoutMs: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<ModelChunk, void, undefined> {
  const held: ModelChunk[] = [];
  let begun = false;
  let finished = false;
  const limitMs = (): number => {
    const idleMs = idleTimeoutMs ?? (begun ? undefined : provider.firstChunkTimeoutMs) ?? defaultIdleTimeoutMs;
    return finished ? Math.min(drainMs, idleMs) : idleMs;
  };
  for await (const chunk of untilSilence(provider, request, limitMs, signal)) {
    if (chunk.type === 'keep_alive') continue;
    begun = true;
    held.push(chunk);
    finished ||= chunk.type === 'finish';
    if (finished || isVisible(chunk)) yield* held.splice(0);
  }
  if (finished) return;
  throw modelError('stream_cut', `${nameOf(provider)} ended its answer in the middle.`, {
    advice: 'Send the message again. If it happens often, check the connection or choose another model.',
  });
}

function isVisible(chunk: ModelChunk): boolean {
  switch (chunk.type) {
    case 'text':
    case 'reasoning':
      return chunk.delta.length > 0;
    case 'tool_call_start':
    case 'tool_call_delta':
    case 'tool_call':
      return true;
    case 'reasoning_end':
    case 'usage':
    case 'finish':
      return false;
    default:
      return assertNever(chunk);
  }
}

/** After `finish` silence and failures are an end like any other: the answer is complete. */
async function* untilSilence(
  provider: ModelProvider,
  request: ModelRequest,
  limitMs: () => number,
  signal: AbortSignal,
): AsyncGenerator<ModelChunk | KeepAlive, void, undefined> {
  const call = new AbortController();
  const iterator = provider.stream(request, call.signal)[Symbol.asyncIterator]();
  const patience = new Patience((waitedMs) => silence(provider, waitedMs), signal);
  let finished = false;
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await patience.wait(iterator.next(), limitMs());
      if (next.done) return;
      finished ||= next.value.type === 'finish';
      yield next.value;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!finished) throw error;
  } finally {
    patience.dispose();
    call.abort(signal.reason);
    // Not awaited: a provider that hangs would hold up the abort. What it still throws is of no interest any more.
    void iterator.return?.().catch(() => undefined);
  }
}

function silence(provider: ModelProvider, limitMs: number): ModelError {
  return modelError('timeout', `${nameOf(provider)} sent nothing for ${limitMs / 1000} seconds.`, {
    advice: 'Send the message again. A local model may need longer for its first answer, while it is being loaded.',
  });
}

function nameOf(provider: ModelProvider): string {
  return `${provider.vendor}:${provider.model}`;
}
