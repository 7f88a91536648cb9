import type { ModelProvider } from './provider';

/** Stands where a model was chosen but could not be opened: every call fails with the reason, and nothing is sent anywhere. */
export function unavailableModel(reason: unknown): ModelProvider {
  return {
    vendor: 'unavailable',
    model: 'unavailable',
    capabilities: {
      system: true,
      tools: true,
      parallelToolCalls: false,
      images: false,
      pdf: false,
      thinking: false,
      usage: 'estimated',
    },
    maxWindowSize: 1,
    maxOutputTokens: 1,
    stream: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(asError(reason)) }) }),
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
