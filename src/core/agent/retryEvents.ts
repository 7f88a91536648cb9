import type { ModelError } from '../model/provider';
import type { OnRetry } from '../model/retry';
import { infoOf } from './failureInfo';
import type { Change } from './journal';

/** Tells of every wait before a model is called again. */
export function retryEvents(record: (change: Change) => Promise<unknown>): OnRetry<ModelError> {
  return (error, attempt, delayMs) => {
    void record({
      events: [{ channel: 'monitor', type: 'model_retry', attempt, delayMs, error: infoOf(error) }],
    }).catch(() => undefined); // The next record meets the same failure and reports it.
  };
}
