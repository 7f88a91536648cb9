import * as vscode from 'vscode';
import type { ModelChoice, ModelRow, ModelTest } from '../../core/protocol/models';
import { isAborted } from '../../core/util/abort';
import { checkedBaseUrl } from '../../node/models/connection';
import { modelVendors, type ModelVendor } from '../../node/models/modelVendors';
import { editorVendor } from './editorVendor';
import type { ModelLists } from './modelLists';
import type { ModelMemory } from './modelMemory';
import type { Models, Unsaved } from './models';
import { modelItems, otherModel, type ModelItem } from './modelItems';
import type { ModelSources } from './modelSources';
import { checkedKey, type VendorKeys } from './vendorKeys';

export interface ChooseModelPorts {
  readonly models: Models;
  readonly keys: VendorKeys;
  readonly lists: ModelLists;
  readonly sources: ModelSources;
  readonly memory: ModelMemory;
  readonly endpoint: (vendor: string) => string | undefined;
  readonly test: (choice: ModelChoice, signal: AbortSignal, unsaved: Unsaved) => Promise<ModelTest>;
}

export interface ChosenModel {
  readonly choice: ModelChoice;
  /** The key and the address that were typed in: nothing of it is kept yet. */
  readonly unsaved: Unsaved;
}

type Vendor = Pick<ModelVendor, 'id' | 'label' | 'needsKey' | 'defaultBaseUrl' | 'keyUrl' | 'defaultModel'>;

/** Vendor, address, key, model, a test: as far as each is needed. @returns undefined after Escape; nothing has changed then. */
export async function chooseModel(ports: ChooseModelPorts): Promise<ChosenModel | undefined> {
  const vendor = await pickVendor('Which models do you want to use?', {
    first: ports.models.standard?.vendor,
    editor: true,
  });
  if (!vendor) return undefined;
  const unsaved = await askConnection(vendor, ports);
  if (!unsaved) return undefined;
  const model = await pickModel(vendor, unsaved, ports);
  if (model === undefined) return undefined;
  const choice = ports.memory.asLastUsed({ vendor: vendor.id, model });
  return (await passesTest(choice, unsaved, ports)) ? { choice, unsaved } : undefined;
}

export async function pickVendor(
  title: string,
  options: {
    readonly accepts?: (vendor: Vendor) => boolean;
    readonly first?: string | undefined;
    readonly editor?: boolean;
  },
): Promise<Vendor | undefined> {
  const { accepts = () => true, first, editor = false } = options;
  const vendors: Vendor[] = [...modelVendors.filter(accepts), ...(editor ? [editorVendor] : [])];
  vendors.sort((left, right) => Number(right.id === first) - Number(left.id === first));
  const items = vendors.map((vendor) => ({
    label: vendor.label,
    description:
      vendor.defaultBaseUrl ?? (vendor.id === editorVendor.id ? 'models of other extensions' : 'any endpoint'),
    vendor,
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true, ignoreFocusOut: true }))?.vendor;
}

export function askKey(vendor: Vendor, endpoint: string | undefined, name: string): Thenable<string | undefined> {
  const where = endpoint ?? vendor.defaultBaseUrl ?? 'the endpoint that you set';
  return vscode.window.showInputBox({
    title: `API key for ${vendor.label}`,
    prompt: `Kept in VS Code's secret storage as "${name}", sent only to ${where}.${vendor.keyUrl === undefined ? '' : ` You get one at ${vendor.keyUrl}.`}`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? undefined : problemOf(() => checkedKey(value))),
  });
}

/** What of address and key is missing. @returns undefined after Escape */
async function askConnection(vendor: Vendor, { endpoint, keys }: ChooseModelPorts): Promise<Unsaved | undefined> {
  if (vendor.id === editorVendor.id) return {};
  const baseUrl = vendor.defaultBaseUrl === undefined ? await askEndpoint(vendor, endpoint(vendor.id)) : undefined;
  if (vendor.defaultBaseUrl === undefined && baseUrl === undefined) return undefined;
  const address = baseUrl === undefined ? {} : { baseUrl };
  if (!vendor.needsKey || (await keys.currentName(vendor.id)) !== undefined) return address;
  const apiKey = (await askKey(vendor, endpoint(vendor.id), 'default'))?.trim();
  return apiKey === undefined || apiKey === '' ? undefined : { ...address, apiKey };
}

function askEndpoint(vendor: Vendor, current: string | undefined): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: `Endpoint for ${vendor.label}`,
    prompt: 'The base URL, up to and including /v1. https, or http on this machine.',
    value: current ?? 'http://127.0.0.1:8000/v1',
    ignoreFocusOut: true,
    validateInput: (value) => problemOf(() => checkedBaseUrl(value)),
  });
}

/** From the vendor's list as far as there is one, or typed. */
async function pickModel(vendor: Vendor, unsaved: Unsaved, ports: ChooseModelPorts): Promise<string | undefined> {
  const rows = await rowsOf(vendor, unsaved, ports);
  if (!rows) return undefined;
  const items = modelItems(vendor.id, rows, ports.memory);
  if (rows.length === 0) return askModel(vendor);
  const picked = await vscode.window.showQuickPick<ModelItem>(items, {
    title: `Model of ${vendor.label}`,
    ...{ matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true },
  });
  if (!picked) return undefined;
  return picked.model === otherModel ? askModel(vendor) : picked.model;
}

/** What the endpoint lists, else what is known. @returns undefined when the user does not want to wait */
async function rowsOf(
  vendor: Vendor,
  unsaved: Unsaved,
  ports: ChooseModelPorts,
): Promise<readonly ModelRow[] | undefined> {
  const { models, sources, lists } = ports;
  return cancellable(`Asking ${vendor.label} for its models…`, async (signal) => {
    if (vendor.id === editorVendor.id) {
      await lists.askEditor();
      return lists.editorModels ?? [];
    }
    const known = sources.known(vendor.id);
    try {
      const listed = await sources.list(await models.endpointOf(vendor.id, unsaved), signal);
      return listed.length > 0 ? listed : known;
    } catch {
      signal.throwIfAborted();
      return known; // The test that follows says what is wrong.
    }
  });
}

function askModel(vendor: Vendor): Thenable<string | undefined> {
  return vscode.window
    .showInputBox({
      title: `Model of ${vendor.label}`,
      prompt: "The model's name as the endpoint knows it.",
      value: vendor.defaultModel ?? '',
      ignoreFocusOut: true,
      validateInput: (value) => (value.trim() === '' ? 'A model needs a name.' : undefined),
    })
    .then((name) => name?.trim());
}

/** One small real request. What fails can be used all the same: a server may be started later. */
async function passesTest(choice: ModelChoice, unsaved: Unsaved, ports: ChooseModelPorts): Promise<boolean> {
  for (;;) {
    const result = await cancellable(`Testing ${choice.model}…`, (signal) => ports.test(choice, signal, unsaved));
    if (!result) return false;
    if (result.ok) {
      const price = result.price ? '' : ' Its price is not known.';
      const seconds = (result.firstMs / 1000).toFixed(1);
      void vscode.window.showInformationMessage(`${result.model} answers after ${seconds} s.${price}`);
      return true;
    }
    const again = { label: 'Try again' };
    const use = { label: 'Use it all the same', description: 'Its next answer may fail in the same way' };
    const next = await vscode.window.showQuickPick([again, use], {
      title: `The test failed: ${result.message}`.slice(0, 200),
      placeHolder: result.advice,
      ignoreFocusOut: true,
    });
    if (next !== again) return next === use;
  }
}

/** @returns undefined when the user cancels */
async function cancellable<T>(title: string, run: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (_progress, token) => {
    const stop = new AbortController();
    const listening = token.onCancellationRequested(() => stop.abort(new Error('The user does not want to wait.')));
    try {
      const result = await run(stop.signal);
      return isAborted(stop.signal) ? undefined : result;
    } catch (error) {
      if (isAborted(stop.signal)) return undefined;
      throw error;
    } finally {
      listening.dispose();
    }
  });
}

function problemOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
