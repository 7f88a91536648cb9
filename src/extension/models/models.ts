import { ConfigError } from '../../core/errors';
import { demoModel } from '../../core/model/demo';
import { modelError } from '../../core/model/errors';
import type { ModelProvider } from '../../core/model/provider';
import { unavailableModel } from '../../core/model/unavailable';
import { isSameModel, type ModelChoice, type ModelRow } from '../../core/protocol/models';
import type { ModelView } from '../../core/protocol/view';
import { Emitter } from '../../core/util/emitter';
import type { JsonObject } from '../../core/util/json';
import type { ModelConnection } from '../../node/models/connection';
import type { ModelTraits } from '../../node/models/modelFacts';
import { modelVendor, modelVendors } from '../../node/models/modelVendors';
import { openModel } from '../../node/models/providers';
import { editorVendor } from './editorVendor';
import type { ModelMemory } from './modelMemory';
import type { ListedEndpoint } from './modelSources';
import { hostOf, vendorAddress } from './vendorAddress';
import type { FoundKey, VendorKeys } from './vendorKeys';

export const demoChoice: ModelChoice = { vendor: 'scripted', model: 'demo' };

/** What the user set for all windows. */
export interface ModelSettings {
  readonly standard: () => ModelChoice | undefined;
  readonly setStandard: (choice: ModelChoice) => Promise<void>;
  readonly endpoint: (vendor: string) => string | undefined;
  readonly headers: (vendor: string) => Readonly<Record<string, string>> | undefined;
  readonly requestOptions: (vendor: string) => JsonObject | undefined;
}

export interface ModelsPorts {
  readonly keys: VendorKeys;
  readonly memory: ModelMemory;
  readonly settings: ModelSettings;
  /** What is known of a model: the table's row, the endpoint's or the editor's list, and over it what the user says. */
  readonly facts: (choice: ModelChoice) => ModelRow;
  /** What the user, or the endpoint's list, knows better than the table. */
  readonly traits: (choice: ModelChoice) => ModelTraits;
  /** Remembers what the endpoint's list says of a model, over restarts and changes of keys. */
  readonly keepFacts: (choice: ModelChoice) => Promise<void>;
  /** Whether new sessions of this window use the demo model; kept with the workspace, so that other windows keep their own. */
  readonly demo: { get(): boolean; set(on: boolean): Promise<void> };
  readonly demoTestCommand: () => string;
  /** One of VS Code's own models. */
  readonly editorModel: (choice: ModelChoice) => ModelProvider;
  readonly reportError: (what: string, error: unknown) => void;
}

/** What is tried before it is kept. */
export interface Unsaved extends Pick<ModelConnection, 'apiKey' | 'baseUrl'> {
  /** Under which name the key will be kept. */
  readonly keyName?: string;
}

/** Which model new sessions use, and what it takes to open one. */
export class Models {
  readonly #ports: ModelsPorts;
  readonly #changed: Emitter<void>;

  constructor(ports: ModelsPorts) {
    this.#ports = ports;
    this.#changed = new Emitter((error) => ports.reportError('A listener of the models failed', error));
  }

  /** The standard model, a key, an address or something that is known of a model is another one. */
  get onDidChange(): Emitter<void>['event'] {
    return this.#changed.event;
  }

  /** What new sessions use: with the effort and the key with which it was last used. */
  get standard(): ModelChoice | undefined {
    if (this.#ports.demo.get()) return demoChoice;
    const setting = this.#ports.settings.standard();
    return setting && this.#ports.memory.asLastUsed(setting);
  }

  /** What the panel shows of a session's model. */
  view(choice: ModelChoice): ModelView {
    const { label, efforts, price, windowTokens } = this.#ports.facts(choice);
    return {
      ...choice,
      vendorLabel: vendorLabel(choice.vendor),
      ...(label !== undefined && { label }),
      ...(efforts && { efforts }),
      ...(price && { price }),
      ...(windowTokens !== undefined && { windowTokens }),
      demo: choice.vendor === demoChoice.vendor,
    };
  }

  /**
   * Without a choice the standard model.
   * @throws ConfigError 'no_model' with what to do, ModelError 'authentication' when the key is missing.
   */
  async open(choice = this.standard, unsaved: Unsaved = {}): Promise<ModelProvider> {
    if (!choice)
      throw new ConfigError('no_model', 'No model is chosen.', {
        advice: 'Run "Countersign: Choose Model", or try the demo.',
      });
    if (choice.vendor === demoChoice.vendor) return demoModel({ testCommand: this.#ports.demoTestCommand() });
    if (choice.vendor === editorVendor.id) return this.#ports.editorModel(choice);
    return openModel(await this.#connection(choice, unsaved));
  }

  /** Never fails: a model that cannot be opened says why when it is asked. */
  async openOrSay(choice = this.standard): Promise<ModelProvider> {
    return this.open(choice).catch((error: unknown) => unavailableModel(error, choice));
  }

  /** Where a vendor's requests go, with what they need. @throws ModelError 'authentication' for a key that is not there any more, or was given for another host. */
  async endpointOf(vendor: string, unsaved: Unsaved = {}, keyName?: string): Promise<ListedEndpoint> {
    const endpoint = this.endpointWithoutKey(vendor, unsaved.baseUrl);
    const apiKey = unsaved.apiKey ?? (await this.#key(vendor, keyName, vendorAddress(vendor, endpoint.baseUrl)));
    return { ...endpoint, ...(apiKey !== undefined && { apiKey }) };
  }

  /** For whoever answers at an address where nobody has said yet who it is. */
  endpointWithoutKey(vendor: string, baseUrl = this.#ports.settings.endpoint(vendor)): ListedEndpoint {
    const headers = this.#ports.settings.headers(vendor);
    return { vendor, ...(baseUrl !== undefined && { baseUrl }), ...(headers && { headers }) };
  }

  async #connection(choice: ModelChoice, unsaved: Unsaved): Promise<ModelConnection> {
    const { vendor, model, effort, keyName } = choice;
    const known = this.#ports.traits(choice);
    const options = this.#ports.settings.requestOptions(vendor);
    return {
      ...(await this.endpointOf(vendor, unsaved, keyName)),
      ...{ model, choice },
      ...(effort && { effort }),
      ...(options && { options }),
      ...(Object.keys(known).length > 0 && { traits: known }),
    };
  }

  /** Remembers how the model is asked. `standard`: new sessions use it too, in all windows. */
  async use(choice: ModelChoice, standard: boolean): Promise<void> {
    const { memory, settings, demo } = this.#ports;
    if (choice.vendor !== demoChoice.vendor) {
      await memory.used(choice);
      await this.#ports.keepFacts(choice);
    }
    if (standard && choice.vendor === demoChoice.vendor) await demo.set(true);
    else if (standard) {
      const before = settings.standard();
      if (!before || !isSameModel(before, choice)) await settings.setStandard(choice);
      await demo.set(false);
    }
    this.#changed.fire();
  }

  /** Settings, keys or what is known of models have changed. */
  changed(): void {
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #key(vendor: string, keyName: string | undefined, address: string | undefined): Promise<string | undefined> {
    const { keys } = this.#ports;
    const found = await keys.find(vendor, keyName, address);
    if (found && found.givenFor === undefined) return found.key;
    if (found && (keyName !== undefined || needsKey(vendor)))
      throw modelError('authentication', givenForText(vendor, found), {
        advice: `Give one for ${hostOf(address ?? '')}, or send this one there too: in the model picker or with the command "Countersign: Set API Key".`,
      });
    if (found) return undefined;
    if (keyName !== undefined)
      throw modelError('authentication', `The key "${keyName}" of ${vendorLabel(vendor)} is not there any more.`, {
        advice: 'Choose another key with the model, or set it again with the command "Countersign: Set API Key".',
      });
    if ((await keys.names(vendor)).length > 1)
      throw modelError('authentication', `${vendorLabel(vendor)} has several keys, and none of them is chosen.`, {
        advice: `Choose which key is used: in the model picker at ${vendorLabel(vendor)}.`,
      });
    return undefined;
  }
}

/** Why a key is not sent. */
export function givenForText(vendor: string, { name, givenFor = '' }: FoundKey): string {
  return `The key "${name}" of ${vendorLabel(vendor)} was given for ${givenFor}.`;
}

/** The vendor as people know it. */
export function vendorLabel(vendor: string): string {
  if (vendor === editorVendor.id) return editorVendor.label;
  if (vendor === demoChoice.vendor) return 'Demo';
  return modelVendors.find(({ id }) => id === vendor)?.label ?? vendor;
}

/** Whether requests to this vendor need a key of the user. */
function needsKey(vendor: string): boolean {
  return vendor !== editorVendor.id && vendor !== demoChoice.vendor && modelVendor(vendor).needsKey;
}
