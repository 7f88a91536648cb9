import { isAgentError, StoreError } from '../../errors';
import type { Store } from '../documentedStore';
import { errorText } from '../../util/errorText';

const needed = [
  ...['saveMessages', 'loadMessages', 'saveToolCallRecords', 'loadToolCallRecords', 'appendEvent', 'readEvents'],
  ...['saveInfo', 'loadInfo', 'exists', 'delete', 'list'],
];

/** The methods of somebody's own store, whose failures are told as ours: by the method's name, with the cause. */
export class UserStore {
  readonly #store: Store;

  /** @throws StoreError 'not_supported', naming the methods that are missing. */
  constructor(store: Store) {
    this.#store = store;
    const missing = needed.filter((name) => !this.has(name));
    if (missing.length === 0) return;
    throw new StoreError('not_supported', `The store lacks what every agent needs: ${missing.join(', ')}.`, {
      advice: 'Write these methods of `Store`; `storeConformance` of countersign/testing tries them.',
    });
  }

  has(name: string): boolean {
    return typeof Reflect.get(this.#store, name) === 'function';
  }

  /** @throws StoreError 'not_supported' where the store does not have this method. */
  mustHave(name: keyof Store): void {
    if (this.has(name)) return;
    throw new StoreError('not_supported', `The store has no ${name}.`, {
      advice: 'Write it to use what needs it; nothing was stored.',
    });
  }

  /** What a method gives. @throws StoreError 'io' with the method's name where it fails. */
  async call<T>(name: keyof Store, work: (store: Store) => T): Promise<Awaited<T>> {
    try {
      return await work(this.#store);
    } catch (error) {
      throw failureOf(name, error);
    }
  }

  /** As `call`, for lists; one that the store does not have is empty. @throws also StoreError 'damaged' where it is none. */
  async list<T>(name: keyof Store, work: (store: Store) => Promise<readonly T[]> | undefined): Promise<readonly T[]> {
    const found: unknown = await this.call(name, work);
    if (found === undefined && !this.has(name)) return [];
    if (!Array.isArray(found)) throw damaged(name, found);
    return found as readonly T[];
  }
}

export function failureOf(name: string, error: unknown): Error {
  if (isAgentError(error)) return error;
  const reason = errorText(error);
  return new StoreError('io', `The store's ${name} failed: ${reason}`, {
    advice: 'What was acknowledged before is not lost. Look at the cause, then try again.',
    retryable: true,
    cause: error,
  });
}

/** @param found no more of it than a line is quoted */
export function damaged(name: string, found: unknown): StoreError {
  const quoted = (found === undefined ? 'undefined' : JSON.stringify(found)).slice(0, 80);
  return new StoreError('damaged', `The store's ${name} gave ${quoted}.`, {
    advice: 'Give back what was saved; an unknown agent reads as empty.',
  });
}
