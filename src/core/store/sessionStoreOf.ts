import { AdaptedStore } from './adapted/adaptedStore';
import type { Store } from './documentedStore';
import type { SessionStore } from './store';

/** One for each store, so that the agents of a store share its leases. */
const adapted = new WeakMap<Store, SessionStore>();

/** The runtime's port to a store: the store itself where it has it, else one over its documented names. @throws StoreError 'not_supported'. */
export function sessionStoreOf(store: SessionStore | Store): SessionStore {
  if ('open' in store && 'read' in store && 'hold' in store && 'summaries' in store) return store;
  const known = adapted.get(store) ?? new AdaptedStore(store);
  adapted.set(store, known);
  return known;
}
