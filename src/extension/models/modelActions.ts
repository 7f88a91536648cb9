import * as vscode from 'vscode';
import type { AgentId } from '../../core/protocol/ids';
import type { ModelChoice } from '../../core/protocol/models';
import { checkedBaseUrl } from '../../node/models/connection';
import type { ModelCommandHandlers } from '../commands';
import type { ModelOpHandlers } from '../opRouter';
import { chooseModel, pickVendor, askKey } from './chooseModel';
import { testChoice, type ModelPicker } from './modelPicker';
import type { ModelLists } from './modelLists';
import type { ModelMemory } from './modelMemory';
import { needsKey, vendorLabel, type Models } from './models';
import type { ModelSources } from './modelSources';
import type { SessionModels } from './sessionModels';
import { defaultKeyName, type VendorKeys } from './vendorKeys';

export interface ModelActionsPorts {
  readonly models: Models;
  readonly sessionModels: SessionModels;
  readonly picker: ModelPicker;
  readonly keys: VendorKeys;
  readonly memory: ModelMemory;
  readonly lists: ModelLists;
  readonly sources: ModelSources;
  readonly setEndpoint: (vendor: string, baseUrl: string) => Promise<void>;
  readonly endpoint: (vendor: string) => string | undefined;
  readonly activeId: () => AgentId;
  /** Opens the picker in the panel. False: no panel is shown. */
  readonly showPicker: () => boolean;
}

/** What the user can do with models and keys, from the panel or from the palette. */
export class ModelActions implements ModelOpHandlers, ModelCommandHandlers {
  readonly #ports: ModelActionsPorts;

  constructor(ports: ModelActionsPorts) {
    this.#ports = ports;
  }

  async openModels(): Promise<void> {
    await this.#ports.picker.open();
  }

  closeModels(): Promise<void> {
    this.#ports.picker.close();
    return Promise.resolve();
  }

  async listModels(vendor: string): Promise<void> {
    await this.#ports.picker.list(vendor);
  }

  /** Without a session: for new ones alone. */
  async useModel(sessionId: AgentId | undefined, choice: ModelChoice, standard: boolean): Promise<void> {
    if (sessionId) await this.#ports.sessionModels.use(sessionId, choice);
    await this.#ports.models.use(choice, standard);
  }

  async testModel(testId: string, choice: ModelChoice): Promise<void> {
    await this.#ports.picker.test(testId, choice);
  }

  async favourite(choice: ModelChoice, on: boolean): Promise<void> {
    await this.#ports.memory.setFavourite(choice, on);
    this.#ports.picker.changed();
  }

  async setKey(vendor: string, name: string, key: string): Promise<void> {
    await this.#ports.keys.set(vendor, name, key);
    this.#connectionChanged(vendor);
  }

  async useKey(vendor: string, name: string): Promise<void> {
    await this.#ports.keys.use(vendor, name);
    this.#connectionChanged(vendor);
  }

  async removeKey(vendor: string, name: string): Promise<void> {
    await this.#ports.keys.remove(vendor, name);
    this.#connectionChanged(vendor);
  }

  /** @throws ConfigError 'invalid_value' for an address that would send code and key unprotected. */
  async setEndpoint(vendor: string, baseUrl: string): Promise<void> {
    const text = baseUrl.trim();
    await this.#ports.setEndpoint(vendor, text === '' ? '' : checkedBaseUrl(text));
    this.#connectionChanged(vendor);
  }

  /** The picker of the panel that is shown, else step by step in the palette: Escape at any point changes nothing. */
  async chooseModel(): Promise<void> {
    if (this.#ports.showPicker()) return;
    const { models, keys, lists, sources, endpoint, memory, activeId } = this.#ports;
    const test = (...args: Parameters<typeof testChoice> extends [unknown, ...infer Rest] ? Rest : never) =>
      testChoice({ models, sources }, ...args);
    const chosen = await chooseModel({ models, keys, lists, sources, endpoint, memory, test });
    if (!chosen) return;
    const { choice, unsaved } = chosen;
    if (unsaved.baseUrl !== undefined) await this.setEndpoint(choice.vendor, unsaved.baseUrl);
    if (unsaved.apiKey !== undefined) await this.setKey(choice.vendor, defaultKeyName, unsaved.apiKey);
    await this.useModel(activeId(), choice, true);
  }

  /** Asks for a vendor's key and keeps it; an empty one removes the current one. */
  async setApiKey(): Promise<void> {
    const { keys, models, endpoint } = this.#ports;
    const vendor = await pickVendor('Whose API key do you want to set?', {
      accepts: ({ id }) => needsKey(id),
      first: models.standard?.vendor,
    });
    if (!vendor) return;
    const name = (await keys.currentName(vendor.id)) ?? defaultKeyName;
    const key = await askKey(vendor, endpoint(vendor.id), name);
    if (key === undefined) return;
    const isRemoved = key.trim() === '';
    await (isRemoved ? this.removeKey(vendor.id, name) : this.setKey(vendor.id, name, key));
    void vscode.window.showInformationMessage(
      isRemoved
        ? `The API key for ${vendorLabel(vendor.id)} was removed.`
        : `The API key for ${vendorLabel(vendor.id)} is kept in VS Code's secret storage.`,
    );
  }

  /** What was listed before may not be what the new key or address gives. */
  #connectionChanged(vendor: string): void {
    this.#ports.lists.forget(vendor);
    this.#ports.models.changed();
  }
}
