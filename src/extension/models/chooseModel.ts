import * as vscode from 'vscode';
import { isAgentError } from '../../core/errors';
import type { ModelChoice, ModelRow, ModelTest } from '../../core/protocol/models';
import { isAborted } from '../../core/util/abort';
import { checkedBaseUrl } from '../../node/models/connection';
import { modelVendors, type ModelVendor } from '../../node/models/modelVendors';
import { askMissingKey, problemOf } from './askKey';
import { editorVendor } from './editorVendor';
import type { ModelLists } from './modelLists';
import type { ModelMemory } from './modelMemory';
import type { Models, Unsaved } from './models';
import { modelItems, otherModel, type ModelItem } from './modelItems';
import type { ModelSources } from './modelSources';
import { orAborted } from './orAborted';
import { vendorAddress } from './vendorAddress';
import type { VendorKeys } from './vendorKeys';

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
  /** What the endpoint has said of the model. */
  readonly row?: ModelRow;
}

type Vendor = Pick<ModelVendor, 'id' | 'label' | 'needsKey' | 'defaultBaseUrl' | 'keyUrl' | 'defaultModel'>;

/** Vendor, address, key, model, a test: as far as each is needed. @returns undefined after Escape; nothing has changed then. */
export async function chooseModel(ports: ChooseModelPorts): Promise<ChosenModel | undefined> {
  const vendor = await pickVendor('Which models do you want to use?', {
    first: ports.models.standard?.vendor,
    editor: true,
  });
  if (!vendor) return undefined;
  const asked = await askConnection(vendor, ports);
  const rows = asked && (await askRows(vendor, asked, ports));
  if (!rows) return undefined;
  const { unsaved } = rows;
  const model = await pickModel(vendor, rows.rows, ports);
  if (model === undefined) return undefined;
  const choice = await asLastUsed({ vendor: vendor.id, model }, unsaved, ports);
  const row = rows.isListed ? rows.rows.find((one) => one.model === model) : undefined;
  return (await passesTest(choice, unsaved, ports)) ? { choice, unsaved, ...(row && { row }) } : undefined;
}

/** With the key of then only where it is still there, is for this address, and none was given now. */
async function asLastUsed(choice: ModelChoice, unsaved: Unsaved, ports: ChooseModelPorts): Promise<ModelChoice> {
  const { keyName, ...last } = ports.memory.asLastUsed(choice);
  if (keyName === undefined || unsaved.apiKey !== undefined) return last;
  const found = await ports.keys.find(choice.vendor, keyName, addressFor(choice.vendor, unsaved, ports));
  return found && found.givenFor === undefined ? { ...last, keyName } : last;
}

function addressFor(vendor: string, { baseUrl }: Unsaved, { endpoint }: ChooseModelPorts): string | undefined {
  return vendorAddress(vendor, baseUrl ?? endpoint(vendor));
}

export async function pickVendor(
  title: string,
  options: {
    readonly first?: string | undefined;
    readonly editor?: boolean;
  },
): Promise<Vendor | undefined> {
  const { first, editor = false } = options;
  const vendors: Vendor[] = [...modelVendors, ...(editor ? [editorVendor] : [])];
  vendors.sort((left, right) => Number(right.id === first) - Number(left.id === first));
  const items = vendors.map((vendor) => ({
    label: vendor.label,
    description:
      vendor.defaultBaseUrl ?? (vendor.id === editorVendor.id ? 'models of other extensions' : 'any endpoint'),
    vendor,
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true, ignoreFocusOut: true }))?.vendor;
}

/** What of address and key is missing. @returns undefined after Escape */
async function askConnection(vendor: Vendor, ports: ChooseModelPorts): Promise<Unsaved | undefined> {
  if (vendor.id === editorVendor.id) return {};
  const baseUrl =
    vendor.defaultBaseUrl === undefined ? await askEndpoint(vendor, ports.endpoint(vendor.id)) : undefined;
  if (vendor.defaultBaseUrl === undefined && baseUrl === undefined) return undefined;
  const unsaved = baseUrl === undefined ? {} : { baseUrl };
  const key = vendor.needsKey ? await askMissingKey(vendor, addressFor(vendor.id, unsaved, ports), ports.keys) : {};
  return key && { ...unsaved, ...key };
}

function askEndpoint(vendor: Vendor, current: string | undefined): Thenable<string | undefined> {
  const isAzure = vendor.id === 'azure';
  return vscode.window.showInputBox({
    title: `Endpoint for ${vendor.label}`,
    prompt: isAzure
      ? 'The address of your resource: https://<resource>.openai.azure.com.'
      : 'The base URL, up to and including /v1. https, or http on this machine.',
    ...(isAzure
      ? { value: current ?? '', placeHolder: 'https://my-resource.openai.azure.com' }
      : { value: current ?? 'http://127.0.0.1:8000/v1' }),
    ignoreFocusOut: true,
    validateInput: (value) => problemOf(() => checkedBaseUrl(value)),
  });
}

/** From the vendor's list as far as there is one, or typed. */
async function pickModel(
  vendor: Vendor,
  rows: readonly ModelRow[],
  { memory }: ChooseModelPorts,
): Promise<string | undefined> {
  if (rows.length === 0) return askModel(vendor);
  const picked = await vscode.window.showQuickPick<ModelItem>(modelItems(vendor.id, rows, memory), {
    title: `Model of ${vendor.label}`,
    ...{ matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true },
  });
  if (!picked) return undefined;
  return picked.model === otherModel ? askModel(vendor) : picked.model;
}

interface Rows {
  readonly rows: readonly ModelRow[];
  /** Whether the endpoint has listed them, or they are what is known anyway. */
  readonly isListed: boolean;
  /** The endpoint wants a key, or another one. */
  readonly isRefused?: true;
}

/** The list; whoever needs no key everywhere is asked for one where the endpoint wants it. @returns undefined when the user does not go on */
async function askRows(
  vendor: Vendor,
  unsaved: Unsaved,
  ports: ChooseModelPorts,
): Promise<(Rows & { readonly unsaved: Unsaved }) | undefined> {
  const first = await rowsOf(vendor, unsaved, ports);
  if (!first?.isRefused || vendor.needsKey) return first && { ...first, unsaved };
  const key = await askMissingKey(vendor, addressFor(vendor.id, unsaved, ports), ports.keys);
  if (!key) return undefined;
  const withKey = { ...unsaved, ...key };
  const second = key.apiKey === undefined ? first : await rowsOf(vendor, withKey, ports);
  return second && { ...second, unsaved: withKey };
}

/** What the endpoint lists, else what is known. @returns undefined when the user does not want to wait */
async function rowsOf(vendor: Vendor, unsaved: Unsaved, ports: ChooseModelPorts): Promise<Rows | undefined> {
  const { models, sources, lists } = ports;
  return cancellable(`Asking ${vendor.label} for its models…`, async (signal): Promise<Rows> => {
    if (vendor.id === editorVendor.id) {
      await lists.askEditor();
      return { rows: lists.editorModels ?? [], isListed: true };
    }
    const known = sources.known(vendor.id);
    try {
      const rows = await sources.list(await models.endpointOf(vendor.id, unsaved), signal);
      return rows.length > 0 ? { rows, isListed: true } : { rows: known, isListed: false };
    } catch (error) {
      signal.throwIfAborted();
      const isRefused = isAgentError(error) && error.code === 'authentication';
      // The test that follows says what is wrong.
      return { rows: known, isListed: false, ...(isRefused && { isRefused }) };
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
      const result = await orAborted(run(stop.signal), stop.signal);
      return isAborted(stop.signal) ? undefined : result;
    } catch (error) {
      if (isAborted(stop.signal)) return undefined;
      throw error;
    } finally {
      listening.dispose();
    }
  });
}
