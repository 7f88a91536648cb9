import * as vscode from 'vscode';
import { ConfigError } from '../core/errors';
import { demoModel } from '../core/model/demo';
import type { ModelProvider } from '../core/model/provider';
import type { ModelView } from '../core/protocol/view';
import { modelVendors, type ModelVendor } from '../node/models/modelVendors';
import { openModel } from '../node/models/providers';
import type { ApiKeys } from './secrets';
import { endpointSetting, modelSetting, setEndpointSetting, setModelSetting, type ModelChoice } from './settings';

const demoChoice: ModelChoice = { vendor: 'scripted', model: 'demo' };

export interface ModelsPorts {
  readonly keys: ApiKeys;
  /** Whether this window works with the demo model; kept with the workspace, so that other windows keep their own. */
  readonly demo: { get(): boolean; set(on: boolean): Promise<void> };
  readonly demoTestCommand: () => string;
}

/** Which model the window works with, and what it takes to open it. */
export class Models implements vscode.Disposable {
  readonly #ports: ModelsPorts;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  constructor(ports: ModelsPorts) {
    this.#ports = ports;
  }

  /** What the panel shows; undefined when none is chosen. */
  view(): ModelView | undefined {
    const choice = this.#choice();
    return choice && { ...choice, demo: choice.vendor === demoChoice.vendor };
  }

  /** @throws ConfigError 'no_model' with what to do, ModelError 'authentication' when the key is missing. */
  async open(): Promise<ModelProvider> {
    const choice = this.#choice();
    if (!choice)
      throw new ConfigError('no_model', 'No model is chosen.', {
        advice: 'Run "Countersign: Choose Model", or try the demo.',
      });
    if (choice.vendor === demoChoice.vendor) return demoModel({ testCommand: this.#ports.demoTestCommand() });
    const apiKey = await this.#ports.keys.get(choice.vendor);
    const baseUrl = endpointSetting(choice.vendor);
    return openModel({ ...choice, ...(apiKey !== undefined && { apiKey }), ...(baseUrl !== undefined && { baseUrl }) });
  }

  async useDemo(): Promise<void> {
    await this.#ports.demo.set(true);
    this.#changed.fire();
  }

  /** Asks for vendor, endpoint, key and model, as far as they are needed. Escape at any point changes nothing. */
  async choose(): Promise<void> {
    const vendor = await pickVendor('Which models do you want to use?');
    if (!vendor) return;
    const endpoint = vendor.defaultBaseUrl === undefined ? await askEndpoint(vendor) : undefined;
    if (vendor.defaultBaseUrl === undefined && endpoint === undefined) return;
    const known = await this.#ports.keys.get(vendor.id);
    const key = vendor.needsKey && known === undefined ? await askKey(vendor) : known;
    if (vendor.needsKey && key === undefined) return;
    const model = await askModel(vendor, modelSetting());
    if (model === undefined) return;
    if (endpoint !== undefined) await setEndpointSetting(vendor.id, endpoint);
    if (key !== undefined && key !== known) await this.#ports.keys.set(vendor.id, key);
    await setModelSetting({ vendor: vendor.id, model });
    await this.#ports.demo.set(false);
    this.#changed.fire();
  }

  /** Asks for a vendor's key and keeps it; an empty one removes it. */
  async setKey(): Promise<void> {
    const current = this.#choice()?.vendor;
    const vendor = await pickVendor('Whose API key do you want to set?', (one) => one.needsKey, current);
    if (!vendor) return;
    const key = await askKey(vendor);
    if (key === undefined) return;
    if (key === '') await this.#ports.keys.remove(vendor.id);
    else await this.#ports.keys.set(vendor.id, key);
    this.#changed.fire();
    void vscode.window.showInformationMessage(
      key === ''
        ? `The API key for ${vendor.label} was removed.`
        : `The API key for ${vendor.label} is kept in VS Code's secret storage.`,
    );
  }

  settingsChanged(): void {
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #choice(): ModelChoice | undefined {
    return this.#ports.demo.get() ? demoChoice : modelSetting();
  }
}

async function pickVendor(
  title: string,
  accepts: (vendor: ModelVendor) => boolean = () => true,
  first?: string,
): Promise<ModelVendor | undefined> {
  const vendors = modelVendors.filter(accepts);
  vendors.sort((left, right) => Number(right.id === first) - Number(left.id === first));
  const items = vendors.map((vendor) => ({
    label: vendor.label,
    description: vendor.defaultBaseUrl ?? 'any endpoint',
    vendor,
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true, ignoreFocusOut: true }))?.vendor;
}

function askKey(vendor: ModelVendor): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: `API key for ${vendor.label}`,
    prompt: `Kept in VS Code's secret storage, sent only to ${endpointSetting(vendor.id) ?? vendor.defaultBaseUrl ?? 'the endpoint that you set'}.${vendor.keyUrl === undefined ? '' : ` You get one at ${vendor.keyUrl}.`}`,
    password: true,
    ignoreFocusOut: true,
  });
}

function askEndpoint(vendor: ModelVendor): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: `Endpoint for ${vendor.label}`,
    prompt: 'The base URL, up to and including /v1. https, or http on this machine.',
    value: endpointSetting(vendor.id) ?? 'http://127.0.0.1:8000/v1',
    ignoreFocusOut: true,
    validateInput: (value) => (URL.canParse(value) ? undefined : `${JSON.stringify(value)} is not a URL.`),
  });
}

function askModel(vendor: ModelVendor, current: ModelChoice | undefined): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: `Model of ${vendor.label}`,
    prompt: "The model's name as the endpoint knows it.",
    value: current?.vendor === vendor.id ? current.model : (vendor.defaultModel ?? ''),
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? 'A model needs a name.' : undefined),
  });
}
