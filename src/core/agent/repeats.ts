import type { FailureInfo } from '../protocol/events';
import type { ToolCallRecord } from '../protocol/toolCalls';
import type { Effect } from '../tools/tool';

/** So many failures of the same call with the same words end a turn: a model that got here does not get out by itself. */
const maxSameFailures = 3;

/** Counts calls of one turn that fail in the same way. Whatever succeeded in changing something starts the count anew. */
export class Repeats {
  readonly #failures = new Map<string, number>();

  /** @returns why the turn has to end, or undefined. */
  add(record: ToolCallRecord, effect: Effect): FailureInfo | undefined {
    const { result } = record;
    if (!result || record.state === 'SEALED') return undefined;
    if (result.ok) {
      if (effect !== 'none') this.#failures.clear();
      return undefined;
    }
    const key = JSON.stringify([record.name, record.input, result.error]);
    const count = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, count);
    return count < maxSameFailures ? undefined : repeatedFailure(record.name, result.error);
  }
}

function repeatedFailure(name: string, error: string): FailureInfo {
  return {
    code: 'repeated_failure',
    message: `The same ${name} call failed ${maxSameFailures} times in the same way, so the turn was ended. The last time: ${error}`,
    advice: 'Tell the agent what to do differently, or choose another model.',
    retryable: false,
  };
}
