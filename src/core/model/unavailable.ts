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
    // Large enough that nothing is compacted for its sake.
    maxWindowSize: 1_000_000,
    maxOutputTokens: 8_000,
    stream: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(asError(reason)) }) }),
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
