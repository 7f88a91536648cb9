import { isAgentError } from '../../core/errors';
import { modelError } from '../../core/model/errors';
import type { FinishReason, ModelProvider, ModelRequest } from '../../core/model/provider';
import { streamWithRetry } from '../../core/model/streamWithRetry';
import { asMessageId } from '../../core/protocol/ids';
import type { ModelTest } from '../../core/protocol/models';
import { errorText } from '../../core/util/errorText';

export interface ModelTestOptions {
  /** From the start to the end of the answer. Default 30,000; 120,000 for a server that may have to load the model first. */
  readonly timeoutMs?: number;
}

/**
 * One small real request to a model, sent once. The model works as soon as it has ended an answer properly, whatever it said.
 * @throws the signal's reason when aborted, and nothing else: a failure is an outcome.
 */
export async function testModel(
  provider: ModelProvider,
  signal: AbortSignal,
  options: ModelTestOptions = {},
): Promise<ModelTest> {
  signal.throwIfAborted();
  const timeoutMs = options.timeoutMs ?? (provider.firstChunkTimeoutMs === undefined ? 30_000 : 120_000);
  const patience = new AbortController();
  const onAbort = (): void => patience.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => patience.abort(tooLate(provider, timeoutMs)), timeoutMs);
  try {
    return { ok: true, ...(await answer(provider, patience.signal)), ...knownOf(provider) };
  } catch (error) {
    signal.throwIfAborted();
    return failed(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

async function answer(
  provider: ModelProvider,
  signal: AbortSignal,
): Promise<{ readonly firstMs: number; readonly totalMs: number }> {
  const startedAt = performance.now();
  let firstMs: number | undefined;
  for await (const chunk of streamWithRetry(provider, requestTo(provider), { signal, config: { maxRetries: 0 } })) {
    firstMs ??= since(startedAt);
    if (chunk.type !== 'finish') continue;
    if (!isProperEnd(chunk.reason)) break;
    return { firstMs, totalMs: since(startedAt) };
  }
  throw modelError('content_filter', `${nameOf(provider)} would not answer a harmless test question.`, {
    advice: 'Choose another model.',
  });
}

/** The limit is for those who would not stop: a model that thinks needs some of it before it says anything. */
function requestTo({ capabilities, maxOutputTokens }: ModelProvider): ModelRequest {
  return {
    system: 'You are asked whether the connection works.',
    messages: [
      {
        id: asMessageId('test'),
        role: 'user',
        content: [{ type: 'text', text: 'Answer with the single word OK.' }],
        createdAt: 0,
      },
    ],
    tools: [],
    maxOutputTokens: Math.min(maxOutputTokens, capabilities.thinking ? 2_048 : 256),
  };
}

/** 'length': what was asked for is short; the model was at work until it was stopped. */
function isProperEnd(reason: FinishReason): boolean {
  return reason !== 'content_filter';
}

function knownOf({
  model,
  price,
  maxWindowSize,
}: ModelProvider): Pick<Extract<ModelTest, { readonly ok: true }>, 'model' | 'price' | 'windowTokens'> {
  return { model, windowTokens: maxWindowSize, ...(price && { price }) };
}

function failed(error: unknown): ModelTest {
  if (isAgentError(error)) return { ok: false, code: error.code, message: error.message, advice: error.advice };
  const message = errorText(error);
  const advice = 'Look into the log with the command "Countersign: Show Log".';
  return { ok: false, code: 'unknown', message, advice };
}

function tooLate(provider: ModelProvider, timeoutMs: number): Error {
  return modelError('timeout', `${nameOf(provider)} did not end its answer in ${timeoutMs / 1000} seconds.`, {
    advice:
      provider.firstChunkTimeoutMs === undefined
        ? 'Try again. If it stays, check the connection and the status page of the vendor.'
        : 'Try again once the model is loaded, or choose a smaller one.',
  });
}

function nameOf({ vendor, model }: ModelProvider): string {
  return `${vendor}:${model}`;
}

function since(startedAt: number): number {
  return Math.round(performance.now() - startedAt);
}
