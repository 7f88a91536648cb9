import type { ModelChoice } from '../protocol/models';
import type { ModelProvider } from './provider';

/**
 * Stands where a model was chosen but could not be opened: every call fails with the reason, and nothing is sent anywhere.
 * @param choice what was to be opened; the session keeps it
 */
export function unavailableModel(reason: unknown, choice?: ModelChoice): ModelProvider {
  return {
    vendor: choice?.vendor ?? 'unavailable',
    model: choice?.model ?? 'unavailable',
    ...(choice && { choice }),
    capabilities: {
      system: true,
      tools: true,
      parallelToolCalls: false,
      images: false,
      pdf: false,
      thinking: false,
      usage: 'estimated',
    },
    // So large that nothing is ever summed up for its sake.
    maxWindowSize: 10_000_000,
    maxOutputTokens: 1,
    stream: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(asError(reason)) }) }),
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
