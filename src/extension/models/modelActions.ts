import * as vscode from 'vscode';
import type { AgentId } from '../../core/protocol/ids';
import type { ModelChoice } from '../../core/protocol/models';
import { checkedBaseUrl } from '../../node/models/connection';
import type { ModelCommandHandlers } from '../commands';
import type { ModelOpHandlers } from '../opRouter';
import { askKey, freeName, pickKey } from './askKey';
import { chooseModel, pickVendor } from './chooseModel';
import { testChoice, type ModelPicker } from './modelPicker';
import type { ModelLists } from './modelLists';
import type { ModelMemory } from './modelMemory';
import { vendorLabel, type Models } from './models';
import type { ModelSources } from './modelSources';
import type { SessionModels } from './sessionModels';
import { vendorAddress } from './vendorAddress';
import { defaultKeyName, type VendorKeys } from './vendorKeys';

export interface ModelActionsPorts {
  readonly models: Models;
  readonly sessionModels: Pick<SessionModels, 'of' | 'use'>;
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
    await this.#ports.memory.forgetKey(vendor, name);
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
    const { choice, unsaved, row } = chosen;
    const { vendor } = choice;
    const { apiKey, baseUrl, keyName = defaultKeyName } = unsaved;
    if (apiKey !== undefined)
      await keys.set(vendor, keyName, apiKey, vendorAddress(vendor, baseUrl ?? endpoint(vendor)));
    if (baseUrl !== undefined) await this.#ports.setEndpoint(vendor, checkedBaseUrl(baseUrl));
    if (apiKey !== undefined || baseUrl !== undefined) lists.forget(vendor);
    if (row) await memory.keepFacts([row], vendorAddress(vendor, endpoint(vendor)));
    await this.useModel(activeId(), choice, true);
  }

  /** Asks for a vendor's key and keeps it; an empty one removes the one that is there. */
  async setApiKey(): Promise<void> {
    const { keys, models, endpoint } = this.#ports;
    const vendor = await pickVendor('Whose API key do you want to set?', { first: models.standard?.vendor });
    if (!vendor) return;
    const address = vendorAddress(vendor.id, endpoint(vendor.id));
    const wanted = this.#wantedKey(vendor.id);
    const current = await keys.find(vendor.id, wanted, address);
    if (current?.givenFor !== undefined) {
      const picked = await pickKey(vendor, address, current, [current]);
      if (!picked) return;
      if (picked.found) {
        await this.useKey(vendor.id, current.name);
        return;
      }
    }
    const isElsewhere = current?.givenFor !== undefined;
    const name = wanted ?? (isElsewhere ? undefined : current?.name) ?? freeName(await keys.names(vendor.id), address);
    const key = await askKey(vendor, address, name);
    if (key === undefined) return;
    if (key.trim() === '') await this.#removeByHand(vendor.id, name);
    else {
      await this.setKey(vendor.id, name, key);
      void vscode.window.showInformationMessage(
        `The API key for ${vendorLabel(vendor.id)} is kept in VS Code's secret storage.`,
      );
    }
  }

  /** The key that the shown session names. */
  #wantedKey(vendor: string): string | undefined {
    const choice = this.#ports.sessionModels.of(this.#ports.activeId());
    return choice?.vendor === vendor ? choice.keyName : undefined;
  }

  async #removeByHand(vendor: string, name: string): Promise<void> {
    const { keys } = this.#ports;
    const label = vendorLabel(vendor);
    const isThere = (await keys.names(vendor)).includes(name);
    if (isThere) await this.removeKey(vendor, name);
    const left = await keys.names(vendor);
    const current = await keys.currentName(vendor);
    const rest =
      current !== undefined
        ? ` The key "${current}" is used now.`
        : left.length > 0
          ? ' Choose which of the others is used: with the command "Countersign: Choose Model".'
          : '';
    const what = isThere ? `The key "${name}" of ${label} was removed.` : `${label} has no key "${name}".`;
    void vscode.window.showInformationMessage(`${what}${rest}`);
  }

  /** What was listed before may not be what the new key or address gives. */
  #connectionChanged(vendor: string): void {
    this.#ports.lists.forget(vendor);
    this.#ports.models.changed();
  }
}
