import { isAgentError } from '../../core/errors';
import { isSameModel, type ModelChoice, type ModelRow } from '../../core/protocol/models';
import { isAborted } from '../../core/util/abort';
import type { ModelTraits } from '../../node/models/modelFacts';
import { editorVendor } from './editorVendor';
import type { ModelList } from './modelCatalog';
import type { ListedEndpoint, ModelSources } from './modelSources';

export interface ModelListsPorts {
  readonly sources: ModelSources;
  /** @throws what keeps the vendor from being asked. */
  readonly connectionTo: (vendor: string) => Promise<ListedEndpoint>;
  readonly onChange: () => void;
  readonly reportError: (what: string, error: unknown) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Milliseconds for which a vendor's list is not asked for again. */
const keptMs = 10 * 60_000;

/** What endpoints, this machine and VS Code itself have answered about their models. In memory only. */
export class ModelLists {
  readonly #ports: ModelListsPorts;
  readonly #lists = new Map<string, ModelList & { readonly at: number }>();
  readonly #asking = new Map<string, Promise<void>>();
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
    const known = { ...this.#ports.sources.facts(choice), ...this.#listed(choice) };
    try {
      return { ...known, ...this.#ports.sources.said(choice) };
    } catch {
      return known; // Whoever opens the model hears what is wrong with the setting.
    }
  }

  /** What is known better than by the table. @throws ConfigError for a setting that says it wrongly. */
  traits(choice: ModelChoice): ModelTraits {
    const {
      vendor: _vendor,
      model: _model,
      label: _label,
      ...listed
    } = this.#listed(choice) ?? { vendor: '', model: '' };
    return { ...listed, ...this.#ports.sources.said(choice) };
  }

  /** Asks the vendor for its models, unless it has answered lately. Never rejects: a failure is the list's state. */
  ask(vendor: string, signal: AbortSignal): Promise<void> {
    const known = this.#lists.get(vendor);
    if (known?.kind === 'listed' && this.#ports.now() - known.at < keptMs) return Promise.resolve();
    const asking = this.#asking.get(vendor) ?? this.#ask(vendor, signal).finally(() => this.#asking.delete(vendor));
    this.#asking.set(vendor, asking);
    return asking;
  }

  /** The key or the address is another one: what was answered before is of no use. */
  forget(vendor?: string): void {
    if (vendor === undefined) this.#lists.clear();
    else this.#lists.delete(vendor);
  }

  /** Looks for local servers and asks those that answer for their models. Never rejects. */
  async look(signal: AbortSignal): Promise<void> {
    try {
      this.found = await this.#ports.sources.findLocal(signal);
      this.#ports.onChange();
      await Promise.all([...this.found].map((vendor) => this.ask(vendor, signal)));
    } catch (error) {
      if (!isAborted(signal)) this.#ports.reportError('Local servers could not be looked for', error);
    }
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

  async #ask(vendor: string, signal: AbortSignal): Promise<void> {
    const { sources, connectionTo, onChange, now } = this.#ports;
    this.#lists.set(vendor, { kind: 'asking', at: now() });
    onChange();
    try {
      const rows = await sources.list(await connectionTo(vendor), signal);
      this.#lists.set(vendor, { kind: 'listed', rows, at: now() });
    } catch (error) {
      if (isAborted(signal)) this.#lists.delete(vendor);
      else this.#lists.set(vendor, { ...failure(error), at: now() });
    }
    onChange();
  }

  #listed(choice: ModelChoice): ModelRow | undefined {
    const list = this.#lists.get(choice.vendor);
    const rows =
      choice.vendor === editorVendor.id ? this.editorModels : list?.kind === 'listed' ? list.rows : undefined;
    return rows?.find((row) => isSameModel(row, choice));
  }
}

function failure(error: unknown): Extract<ModelList, { readonly kind: 'failed' }> {
  const problem = error instanceof Error ? error.message : String(error);
  return { kind: 'failed', problem, advice: isAgentError(error) ? error.advice : 'Try again.' };
}
