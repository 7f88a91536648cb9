import { scriptedModel } from '../../src/core/model/scripted';
import type { ModelChoice, ModelRow, ModelTest } from '../../src/core/protocol/models';
import type { HostMessage } from '../../src/core/protocol/ops';
import { ModelLists } from '../../src/extension/models/modelLists';
import { ModelMemory } from '../../src/extension/models/modelMemory';
import { ModelPicker } from '../../src/extension/models/modelPicker';
import { Models } from '../../src/extension/models/models';
import type { ModelSources } from '../../src/extension/models/modelSources';
import { patientSecrets } from '../../src/extension/models/patientSecrets';
import { vendorAddress } from '../../src/extension/models/vendorAddress';
import { VendorKeys } from '../../src/extension/models/vendorKeys';
import { MemoryMemento, MemorySecrets } from './memorySecrets';

/** The models of one editor window, without the editor around them and without a network. */
export class ModelBench {
  readonly secrets = new MemorySecrets();
  readonly memento = new MemoryMemento();
  readonly keys = new VendorKeys(patientSecrets(this.secrets, { readMs: 500, writeMs: 500 }), (vendor) =>
    this.addressOf(vendor),
  );
  readonly memory = new ModelMemory(this.memento);
  readonly posted: Extract<HostMessage, { readonly type: 'models' | 'modelTested' }>[] = [];
  readonly problems: string[] = [];
  /** What was asked of whom, in order. */
  readonly asked: string[] = [];
  standard: ModelChoice | undefined;
  demo = false;
  nowMs = 1_000_000;
  readonly endpoints = new Map<string, string>();
  readonly sources: ModelSources;
  readonly lists: ModelLists;
  readonly models: Models;
  readonly picker: ModelPicker;

  constructor(sources: Partial<ModelSources> = {}) {
    const reportError = (what: string, error: unknown): void => void this.problems.push(`${what}: ${String(error)}`);
    const { known = () => [], facts = (choice: ModelChoice) => ({ vendor: choice.vendor, model: choice.model }) } =
      sources;
    this.sources = {
      ...{ known, facts, said: sources.said ?? (() => ({})) },
      list: (endpoint, signal) => {
        this.asked.push(`list ${endpoint.vendor} ${endpoint.apiKey ?? 'without a key'}`);
        return sources.list?.(endpoint, signal) ?? Promise.resolve([]);
      },
      findLocal: (signal) => {
        this.asked.push('find');
        return sources.findLocal?.(signal) ?? Promise.resolve(new Set());
      },
      misaddressed: sources.misaddressed ?? (() => []),
      editor: () => {
        this.asked.push('editor');
        return sources.editor?.() ?? Promise.resolve([]);
      },
      test: (model, signal) => {
        this.asked.push(`test ${model.vendor}:${model.model}`);
        return sources.test?.(model, signal) ?? Promise.resolve(passed(model.model));
      },
    };
    this.lists = new ModelLists({
      ...{ sources: this.sources, memory: this.memory, reportError, now: () => this.nowMs },
      addressOf: (vendor) => this.addressOf(vendor),
      connectionTo: (vendor) => this.models.endpointOf(vendor),
      connectionWithoutKey: (vendor) => this.models.endpointWithoutKey(vendor),
      onFactsChanged: () => this.models.changed(),
      onChange: () => this.picker.changed(),
    });
    this.models = new Models({
      ...{ keys: this.keys, memory: this.memory, reportError },
      settings: {
        standard: () => this.standard,
        setStandard: async ({ vendor, model }) => void (this.standard = { vendor, model }),
        endpoint: (vendor) => this.endpoints.get(vendor),
        headers: () => undefined,
        requestOptions: () => undefined,
      },
      facts: (choice) => this.lists.row(choice),
      traits: (choice) => this.lists.traits(choice),
      keepFacts: (choice) => this.lists.keep(choice),
      editorModel: (choice) => scriptedModel([{ text: 'From the editor.' }], { model: choice.model }),
      demo: { get: () => this.demo, set: async (on) => void (this.demo = on) },
      demoTestCommand: () => 'true',
    });
    this.picker = new ModelPicker({
      ...{ models: this.models, keys: this.keys, memory: this.memory, lists: this.lists, sources: this.sources },
      ...{ settings: { endpoint: (vendor) => this.endpoints.get(vendor) }, reportError },
      post: (message) => this.posted.push(message),
    });
  }

  addressOf(vendor: string): string | undefined {
    return vendorAddress(vendor, this.endpoints.get(vendor));
  }

  /** The picker as it was posted last. */
  get shown() {
    const last = this.posted.findLast((message) => message.type === 'models');
    if (!last) throw new Error('Nothing was posted.');
    return last.models;
  }

  vendor(id: string) {
    const vendor = this.shown.vendors.find((one) => one.id === id);
    if (!vendor) throw new Error(`The picker does not show ${id}.`);
    return vendor;
  }
}

export const passed = (model: string): ModelTest => ({
  ok: true,
  model,
  firstMs: 1,
  totalMs: 2,
  windowTokens: 1_000,
});

export const row = (vendor: string, model: string, more: Partial<ModelRow> = {}): ModelRow => ({
  vendor,
  model,
  ...more,
});
