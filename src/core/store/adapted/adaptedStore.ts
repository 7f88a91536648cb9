import { StoreError } from '../../errors';
import type { AgentId } from '../../protocol/ids';
import { isJsonObject, type JsonObject, type JsonValue } from '../../util/json';
import { mapTogether } from '../../util/mapTogether';
import { checkAgentId } from '../agentIds';
import type { Store } from '../documentedStore';
import { holderHere, LeasesHere } from '../leasesHere';
import { sessionExists, sessionIsOpen, sessionNotFound } from '../sessionRefusals';
import type { SessionHolder, SessionLog, SessionMeta, SessionReader, SessionStore } from '../store';
import { AdaptedLog } from './adaptedLog';
import { AdaptedReader } from './adaptedReader';
import { keptInfo, metaOf } from './keptInfo';
import { UserStore } from './userStore';
import { Turns } from '../../util/turns';

/** The store's small documents are the metadata of this info, which is no agent's. */
const documentsId = '__pool_meta__' as AgentId;
const loadedTogether = 8;

/**
 * Somebody's own `Store` behind the runtime's port. It has no barrier: what is acknowledged is as durable as its methods make it.
 * The lease counts among the agents of one store object. There is no trash: what is discarded is erased.
 */
export class AdaptedStore implements SessionStore {
  readonly #store: UserStore;
  readonly #leases = new LeasesHere();
  readonly #open = new Map<AgentId, AdaptedLog>();
  readonly #documentTurns = new Turns();

  /** @throws StoreError 'not_supported', naming the methods that are missing. */
  constructor(store: Store) {
    this.#store = new UserStore(store);
  }

  async open(agentId: AgentId, mode: 'create' | 'existing'): Promise<SessionLog> {
    checkAgentId(agentId);
    if (this.#open.has(agentId)) throw mode === 'create' ? sessionExists(agentId) : sessionIsOpen(agentId);
    const log = new AdaptedLog(this.#store, agentId, () => this.#open.delete(agentId));
    this.#open.set(agentId, log);
    try {
      const isThere = await this.#isStored(agentId);
      if (mode === 'create' && isThere) throw sessionExists(agentId);
      if (mode === 'existing' && !isThere) throw sessionNotFound(agentId);
      await log.begin();
      return log;
    } catch (error) {
      this.#open.delete(agentId);
      throw error;
    }
  }

  async read(agentId: AgentId): Promise<SessionReader> {
    if (await this.exists(agentId)) return new AdaptedReader(this.#store, agentId);
    throw sessionNotFound(agentId);
  }

  async hold(agentId: AgentId): Promise<() => Promise<void>> {
    return this.#leases.hold(checkAgentId(agentId));
  }

  async holder(agentId: AgentId): Promise<SessionHolder | undefined> {
    return this.#open.has(agentId) ? holderHere : this.#leases.holder(agentId);
  }

  async exists(agentId: AgentId): Promise<boolean> {
    return this.#open.has(agentId) || this.#isStored(agentId);
  }

  /** The beginning is compared here too: in some stores `_` and `%` stand for other characters. */
  async list(prefix = ''): Promise<readonly AgentId[]> {
    const stored = await this.#store.list('list', (own) => own.list(prefix === '' ? undefined : prefix));
    const ids = new Set<string>([...stored, ...this.#open.keys()]);
    ids.delete(documentsId);
    return [...ids].filter((id): id is AgentId => id.startsWith(prefix)).sort();
  }

  async summaries(): Promise<readonly SessionMeta[]> {
    const metas = await mapTogether(await this.list(), loadedTogether, (agentId) => this.#summary(agentId));
    return metas.flatMap((meta) => meta ?? []).sort((left, right) => right.updatedAt - left.updatedAt);
  }

  discard(agentId: AgentId): Promise<void> {
    return this.delete(agentId);
  }

  async restore(agentId: AgentId): Promise<void> {
    throw new StoreError('not_supported', `The store has no trash to take ${agentId} from.`, {
      advice: 'What is deleted in it is gone.',
    });
  }

  async delete(agentId: AgentId): Promise<void> {
    checkAgentId(agentId);
    if (this.#open.has(agentId)) throw sessionIsOpen(agentId);
    await this.#store.call('delete', (own) => own.delete(agentId));
  }

  async readDocument(name: string): Promise<JsonValue | undefined> {
    return (await this.#readDocuments())[name];
  }

  async writeDocument(name: string, value: JsonValue | undefined): Promise<void> {
    await this.#documentTurns.take(async () => {
      const { [name]: _before, ...others } = await this.#readDocuments();
      const metadata = value === undefined ? others : { ...others, [name]: value };
      const info = { agentId: documentsId, templateId: documentsId, createdAt: 0, metadata };
      await this.#store.call('saveInfo', (own) => own.saveInfo(documentsId, info));
    });
  }

  /** Nobody else hears of the leases. */
  onHandOverRequest(): () => void {
    return () => undefined;
  }

  #isStored(agentId: AgentId): Promise<boolean> {
    return this.#store.call('exists', (own) => own.exists(agentId));
  }

  async #readDocuments(): Promise<JsonObject> {
    const info = await this.#store.call('loadInfo', (own) => own.loadInfo(documentsId));
    return isJsonObject(info?.metadata) ? info.metadata : {};
  }

  async #summary(agentId: AgentId): Promise<SessionMeta | undefined> {
    const open = this.#open.get(agentId)?.meta;
    if (open) return open;
    const info = await this.#store.call('loadInfo', (own) => own.loadInfo(agentId));
    return info ? metaOf(keptInfo(info)) : undefined;
  }
}
