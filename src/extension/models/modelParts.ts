import * as vscode from 'vscode';
import { isAgentError } from '../../core/errors';
import type { HostMessage } from '../../core/protocol/ops';
import type { Disposables } from '../../core/util/disposables';
import { findShell } from '../../node/commands/shell';
import { demoTestCommand } from '../demo';
import type { Log } from '../log';
import {
  endpointSetting,
  headersSetting,
  modelFactsSetting,
  modelSetting,
  requestOptionsSetting,
  setModelSetting,
} from '../settings';
import type { WindowState } from '../windowState';
import { editorModel } from './editorModel';
import { obstacleOf } from '../sessions/obstacle';
import { guardedSources } from './guardedSources';
import { hostModelSources } from './hostModelSources';
import { ModelLists } from './modelLists';
import { ModelMemory } from './modelMemory';
import { ModelPicker } from './modelPicker';
import { Models } from './models';
import type { ModelSources } from './modelSources';
import { patientSecrets } from './patientSecrets';
import { vendorAddress } from './vendorAddress';
import { VendorKeys } from './vendorKeys';

/** What belongs to models and keys in this window, connected. */
export interface ModelParts {
  readonly models: Models;
  readonly keys: VendorKeys;
  readonly memory: ModelMemory;
  readonly lists: ModelLists;
  readonly sources: ModelSources;
  readonly picker: ModelPicker;
}

export interface ModelPartsPorts {
  readonly context: Pick<vscode.ExtensionContext, 'secrets' | 'globalState'>;
  readonly window: WindowState;
  readonly log: Log;
  readonly post: (message: Extract<HostMessage, { readonly type: 'models' | 'modelTested' }>) => void;
}

export function makeModelParts(owned: Disposables, { context, window, log, post }: ModelPartsPorts): ModelParts {
  const reportError = (what: string, error: unknown): void => log.error(what, error);
  const addressOf = (vendor: string): string | undefined => vendorAddress(vendor, endpointSetting(vendor));
  const keys = new VendorKeys(patientSecrets(context.secrets), addressOf);
  const memory = new ModelMemory(context.globalState);
  const sources = guardedSources(
    hostModelSources({ endpoint: endpointSetting, overrides: modelFactsSetting, reportOverride: wrongEntries(log) }),
    () => obstacleOf({ isTrusted: vscode.workspace.isTrusted, hasFolder: true }),
  );
  const lists: ModelLists = new ModelLists({
    ...{ sources, memory, addressOf, reportError, now: Date.now },
    connectionTo: (vendor) => models.endpointOf(vendor),
    connectionWithoutKey: (vendor) => models.endpointWithoutKey(vendor),
    onChange: () => picker.changed(),
    onFactsChanged: () => models.changed(),
  });
  const models = owned.add(
    new Models({
      ...{ keys, memory, reportError, editorModel, demo: window.demo },
      settings: {
        standard: modelSetting,
        setStandard: setModelSetting,
        endpoint: endpointSetting,
        headers: headersSetting,
        requestOptions: requestOptionsSetting,
      },
      facts: (choice) => lists.row(choice),
      traits: (choice) => lists.traits(choice),
      keepFacts: (choice) => lists.keep(choice),
      demoTestCommand: () => demoTestCommand(findShell().name),
    }),
  );
  const settings = { endpoint: endpointSetting };
  const picker = new ModelPicker({ ...{ models, keys, memory, lists, settings, sources, post, reportError } });
  owned.defer(() => picker.close());
  owned.add(models.onDidChange(() => picker.changed()));
  owned.add(
    context.secrets.onDidChange(({ key }) => {
      // In this window it is known already; another window's keys count here too.
      const vendor = keys.vendorOf(key);
      if (vendor === undefined) return;
      lists.forget(vendor);
      models.changed();
    }),
  );
  owned.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('countersign.endpoints') || change.affectsConfiguration('countersign.headers'))
        lists.forget();
      if (modelSettings.some((name) => change.affectsConfiguration(`countersign.${name}`))) models.changed();
    }),
  );
  owned.add(vscode.lm.onDidChangeChatModels(() => picker.editorModelsChanged()));
  return { models, keys, memory, lists, sources, picker };
}

/** Says each thing once that is wrong in `countersign.models`. */
function wrongEntries(log: Log): (error: unknown) => void {
  const said = new Set<string>();
  return (error) => {
    const text = isAgentError(error) ? `${error.message} ${error.advice}` : String(error);
    if (said.has(text)) return;
    said.add(text);
    log.error('An entry of countersign.models is ignored', error);
    void vscode.window.showWarningMessage(text);
  };
}

const modelSettings = ['model', 'endpoints', 'headers', 'requestOptions', 'models'] as const;
