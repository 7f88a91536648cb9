import { isAgentError } from '../../core/errors';
import { isSameModel, type ModelChoice, type ModelRow } from '../../core/protocol/models';
import { isAborted } from '../../core/util/abort';
import type { ModelTraits } from '../../node/models/modelFacts';
import { modelVendors } from '../../node/models/modelVendors';
import { editorVendor } from './editorVendor';
import type { ModelList } from './modelCatalog';
import type { ModelMemory } from './modelMemory';
import type { ListedEndpoint, ModelSources } from './modelSources';
import { orAborted } from './orAborted';
import { errorText } from '../../core/util/errorText';

export interface ModelListsPorts {
  readonly sources: ModelSources;
  readonly memory: Pick<ModelMemory, 'recent' | 'facts' | 'keepFacts'>;
  /** Where a vendor's requests go. */
  readonly addressOf: (vendor: string) => string | undefined;
  /** @throws what keeps the vendor from being asked. */
  readonly connectionTo: (vendor: string) => Promise<ListedEndpoint>;
  readonly connectionWithoutKey: (vendor: string) => ListedEndpoint;
  readonly onChange: () => void;
  /** An endpoint says something else of a model that is used. */
  readonly onFactsChanged: () => void;
  readonly reportError: (what: string, error: unknown) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Milliseconds for which a vendor's list is not asked for again. */
const keptMs = 10 * 60_000;

interface AskOptions {
  /** Whatever was answered lately. */
  readonly fresh?: boolean;
  readonly withoutKey?: boolean;
}

/** A list that is being asked for. */
interface Asking {
  readonly stop: AbortController;
  readonly withoutKey: boolean;
  done: Promise<void>;
}

/** What endpoints, this machine and VS Code itself have answered about their models: in memory, of used models kept over restarts. */
export class ModelLists {
  readonly #ports: ModelListsPorts;
  readonly #lists = new Map<string, ModelList & { readonly at: number }>();
  readonly #asking = new Map<string, Asking>();
  found: ReadonlySet<string> | undefined;
  editorModels: readonly ModelRow[] | undefined;

  constructor(ports: ModelListsPorts) {
    this.#ports = ports;
  }

  get all(): ReadonlyMap<string, ModelList> {
    return this.#lists;
  }

  /** What is known of a model: by the table, over it by the vendor's own list, over it by the user. */
  row(choice: ModelChoice): ModelRow {
    const { sources } = this.#ports;
    return { ...sources.facts(choice), ...this.#kept(choice), ...this.#listed(choice), ...sources.said(choice) };
  }

  /** What is known better than by the table. */
  traits(choice: ModelChoice): ModelTraits {
    const {
      vendor: _vendor,
      model: _model,
      label: _label,
      ...listed
    } = this.#listed(choice) ?? { vendor: '', model: '' };
    return { ...this.#kept(choice), ...listed, ...this.#ports.sources.said(choice) };
  }

  /** Remembers what the list says of a model, beyond the list. */
  async keep(choice: ModelChoice): Promise<void> {
    const { memory, addressOf } = this.#ports;
    const row = this.#listed(choice);
    if (row) await memory.keepFacts([row], addressOf(choice.vendor));
  }

  /** Asks the vendor for its models, unless it has answered lately. Never rejects: a failure is the list's state. */
  ask(vendor: string, signal: AbortSignal, { fresh = false, withoutKey = false }: AskOptions = {}): Promise<void> {
    const known = this.#lists.get(vendor);
    if (!fresh && known?.kind === 'listed' && this.#ports.now() - known.at < keptMs) return Promise.resolve();
    const running = this.#asking.get(vendor);
    if (running && !isAborted(running.stop.signal) && (withoutKey || !running.withoutKey)) return running.done;
    running?.stop.abort(new Error('The list is asked for with the key.'));
    const asking: Asking = { stop: new AbortController(), withoutKey, done: Promise.resolve() };
    this.#asking.set(vendor, asking);
    asking.done = this.#ask(vendor, signal, asking);
    return asking.done;
  }

  /** A person wants to know how it is now: of a local server first whether it is there. Never rejects. */
  async askNow(vendor: string, signal: AbortSignal): Promise<void> {
    if (isLocal(vendor)) await this.#find(signal);
    if (!isAborted(signal)) await this.ask(vendor, signal, { fresh: true });
  }

  /** What was listed with a key and an address that have been kept since. */
  take(vendor: string, rows: readonly ModelRow[]): void {
    this.forget(vendor);
    this.#lists.set(vendor, { kind: 'listed', rows, at: this.#ports.now() });
  }

  /** The key or the address is another one: what was answered before, or is still to come, is of no use. */
  forget(vendor?: string): void {
    for (const [asked, { stop }] of this.#asking)
      if (vendor === undefined || asked === vendor) {
        this.#asking.delete(asked);
        stop.abort(new Error('The key or the address is another one.'));
      }
    if (vendor === undefined) this.#lists.clear();
    else this.#lists.delete(vendor);
  }

  /** Looks for local servers and asks those that answer for their models, none of them with a key. Never rejects. */
  async look(signal: AbortSignal): Promise<void> {
    await this.#find(signal);
    if (isAborted(signal)) return;
    // Whose address cannot be says so in its list.
    const asked = [...(this.found ?? []), ...this.#ports.sources.misaddressed()];
    await Promise.all(asked.map((vendor) => this.ask(vendor, signal, { withoutKey: true })));
  }

  /** Asks VS Code for its own models. Never rejects. */
  async askEditor(): Promise<void> {
    try {
      this.editorModels = await this.#ports.sources.editor();
    } catch (error) {
      this.editorModels = [];
      this.#ports.reportError("VS Code's own models could not be listed", error);
    }
    this.#ports.onChange();
  }

  async #find(signal: AbortSignal): Promise<void> {
    try {
      this.found = await this.#ports.sources.findLocal(signal);
      this.#ports.onChange();
    } catch (error) {
      if (!isAborted(signal)) this.#ports.reportError('Local servers could not be looked for', error);
    }
  }

  async #ask(vendor: string, signal: AbortSignal, asking: Asking): Promise<void> {
    const { stop } = asking;
    const onAbort = (): void => stop.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (isAborted(signal)) onAbort();
    const address = this.#ports.addressOf(vendor);
    this.#set(vendor, asking, { kind: 'asking' });
    try {
      const rows = await this.#ports.sources.list(await this.#connection(vendor, asking), stop.signal);
      this.#set(vendor, asking, { kind: 'listed', rows });
      await this.#keepUsed(rows, address);
    } catch (error) {
      const isUnsaid = isAborted(stop.signal) || (await this.#wantsItsKey(vendor, error, asking));
      this.#set(vendor, asking, isUnsaid ? undefined : failure(error));
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (this.#asking.get(vendor) === asking) this.#asking.delete(vendor);
    }
  }

  async #connection(vendor: string, { stop, withoutKey }: Asking): Promise<ListedEndpoint> {
    const { connectionTo, connectionWithoutKey } = this.#ports;
    return withoutKey ? connectionWithoutKey(vendor) : orAborted(connectionTo(vendor), stop.signal);
  }

  /** There is a key, which was not sent because nobody has asked for that. */
  async #wantsItsKey(vendor: string, error: unknown, { stop, withoutKey }: Asking): Promise<boolean> {
    if (!withoutKey || !isAgentError(error) || error.code !== 'authentication') return false;
    return orAborted(this.#ports.connectionTo(vendor), stop.signal).then(
      ({ apiKey }) => apiKey !== undefined,
      () => false,
    );
  }

  /** What comes of a list that was forgotten, or is asked for again, counts no more. */
  #set(vendor: string, asking: Asking, list: ModelList | undefined): void {
    if (this.#asking.get(vendor) !== asking) return;
    if (list) this.#lists.set(vendor, { ...list, at: this.#ports.now() });
    else this.#lists.delete(vendor);
    this.#ports.onChange();
  }

  async #keepUsed(rows: readonly ModelRow[], address: string | undefined): Promise<void> {
    const { memory, onFactsChanged, reportError } = this.#ports;
    const { recent } = memory;
    const used = rows.filter(
      (row) => memory.facts(row, address) !== undefined || recent.some((one) => isSameModel(one, row)),
    );
    try {
      if (await memory.keepFacts(used, address)) onFactsChanged();
    } catch (error) {
      reportError('What is known of the used models could not be kept', error);
    }
  }

  #kept(choice: ModelChoice): ModelTraits | undefined {
    return this.#ports.memory.facts(choice, this.#ports.addressOf(choice.vendor));
  }

  #listed(choice: ModelChoice): ModelRow | undefined {
    const list = this.#lists.get(choice.vendor);
    const rows =
      choice.vendor === editorVendor.id ? this.editorModels : list?.kind === 'listed' ? list.rows : undefined;
    return rows?.find((row) => isSameModel(row, choice));
  }
}

function isLocal(vendor: string): boolean {
  return modelVendors.some(({ id, kind }) => id === vendor && kind === 'local');
}

function failure(error: unknown): Extract<ModelList, { readonly kind: 'failed' }> {
  const problem = errorText(error);
  return { kind: 'failed', problem, advice: isAgentError(error) ? error.advice : 'Try again.' };
}
