import type { ModelChoice, ModelsView, ModelTest } from '../../core/protocol/models';
import type { HostMessage } from '../../core/protocol/ops';
import { isAgentError } from '../../core/errors';
import { isAborted } from '../../core/util/abort';
import { modelVendors } from '../../node/models/modelVendors';
import { modelsView, type CatalogParts } from './modelCatalog';
import type { ModelLists } from './modelLists';
import type { ModelMemory } from './modelMemory';
import type { Models, ModelSettings } from './models';
import type { ModelSources } from './modelSources';
import { orAborted } from './orAborted';
import type { VendorKeys } from './vendorKeys';
import { errorText } from '../../core/util/errorText';

export interface ModelPickerPorts {
  readonly models: Models;
  readonly keys: VendorKeys;
  readonly memory: ModelMemory;
  readonly lists: ModelLists;
  readonly settings: Pick<ModelSettings, 'endpoint'>;
  readonly sources: Pick<ModelSources, 'known' | 'test'>;
  readonly post: (message: Extract<HostMessage, { readonly type: 'models' | 'modelTested' }>) => void;
  readonly reportError: (what: string, error: unknown) => void;
}

/** Feeds the panel's model picker while it is open. Nobody is asked anything before it is opened or after it is closed. */
export class ModelPicker {
  readonly #ports: ModelPickerPorts;
  #open: AbortController | undefined;
  #test: AbortController | undefined;
  #isStale = false;
  #posting: Promise<void> | undefined;

  constructor(ports: ModelPickerPorts) {
    this.#ports = ports;
  }

  /** Posts what is there, looks for local servers and asks VS Code for its models. */
  async open(): Promise<void> {
    this.close();
    const open = new AbortController();
    this.#open = open;
    const { lists } = this.#ports;
    await Promise.all([this.#post(), lists.look(open.signal), lists.askEditor()]);
  }

  close(): void {
    const reason = new Error('The model picker was closed.');
    this.#open?.abort(reason);
    this.#open = undefined;
    this.#posting = undefined;
    this.#test?.abort(reason);
    this.#test = undefined;
  }

  /** Asks a vendor for its models, whatever it has answered before. */
  async list(vendor: string): Promise<void> {
    if (this.#open) await this.#ports.lists.askNow(vendor, this.#open.signal);
  }

  /** Something that the picker shows is another one. */
  changed(): void {
    this.#post().catch((error: unknown) => this.#ports.reportError('The models could not be shown', error));
  }

  /** VS Code has other models of its own. It is asked for them only while the picker is open. */
  editorModelsChanged(): void {
    if (this.#open) void this.#ports.lists.askEditor();
  }

  /** The answer is posted; nobody hears of a test that a later one has ended. */
  async test(testId: string, choice: ModelChoice): Promise<void> {
    this.#test?.abort(new Error('Another test was started.'));
    const test = new AbortController();
    this.#test = test;
    const result = await testChoice(this.#ports, choice, test.signal);
    if (isAborted(test.signal)) return;
    this.#ports.post({ type: 'modelTested', testId, result });
    // A local server has loaded the model for it: how much it takes is known now.
    const isLocal = modelVendors.some(({ id, kind }) => id === choice.vendor && kind === 'local');
    if (result.ok && isLocal && this.#open)
      void this.#ports.lists.ask(choice.vendor, this.#open.signal, { fresh: true });
  }

  /** What changes while one is being made is in the next. */
  #post(): Promise<void> {
    const open = this.#open;
    if (!open) return Promise.resolve();
    this.#isStale = true;
    this.#posting ??= this.#postAll(open).finally(() => {
      if (this.#open === open) this.#posting = undefined;
    });
    return this.#posting;
  }

  /** It may be closed meanwhile. Without an answer of the key ring the rest is shown. @throws what kept the keys from being read. */
  async #postAll(open: AbortController): Promise<void> {
    while (this.#isStale && this.#open === open) {
      this.#isStale = false;
      const keys = await orAborted(this.#ports.keys.allViews(), open.signal).catch((error: unknown) => ({ error }));
      if (this.#open !== open) return;
      const isRead = !('error' in keys);
      this.#ports.post({ type: 'models', models: this.#view(isRead ? keys : new Map()) });
      if (!isRead) throw keys.error;
    }
  }

  #view(keys: CatalogParts['keys']): ModelsView {
    const { memory, lists, settings, sources, models } = this.#ports;
    return modelsView({
      ...{ vendors: modelVendors, known: (vendor) => sources.known(vendor), endpoint: settings.endpoint, keys },
      ...{ lists: lists.all, found: lists.found, editorModels: lists.editorModels },
      ...{ favourites: memory.favourites, recent: memory.recent, standard: models.standard },
    });
  }
}

/** One small real request; a model that cannot even be opened has failed it. Rejects never; after an abort the result says nothing. */
export async function testChoice(
  { models, sources }: { readonly models: Models; readonly sources: Pick<ModelSources, 'test'> },
  choice: ModelChoice,
  signal: AbortSignal,
  unsaved: Parameters<Models['open']>[1] = {},
): Promise<ModelTest> {
  try {
    return await sources.test(await models.open(choice, unsaved), signal);
  } catch (error) {
    const message = errorText(error);
    if (isAgentError(error)) return { ok: false, code: error.code, message, advice: error.advice };
    return { ok: false, code: 'unknown', message, advice: 'The log may say more: run "Countersign: Show Log".' };
  }
}
