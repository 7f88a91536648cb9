import * as vscode from 'vscode';
import type { HostMessage } from '../../core/protocol/ops';
import type { Disposables } from '../../core/util/disposables';
import { findShell } from '../../node/commands/shell';
import { demoTestCommand } from '../demo';
import type { Log } from '../log';
import { endpointSetting, headersSetting, modelFactsSetting, modelSetting, setModelSetting } from '../settings';
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
  const keys = new VendorKeys(context.secrets);
  const memory = new ModelMemory(context.globalState);
  const sources = guardedSources(hostModelSources({ endpoint: endpointSetting, overrides: modelFactsSetting }), () =>
    obstacleOf({ isTrusted: vscode.workspace.isTrusted, hasFolder: true }),
  );
  const lists: ModelLists = new ModelLists({
    ...{ sources, reportError, now: Date.now },
    connectionTo: (vendor) => models.endpointOf(vendor),
    onChange: () => picker.changed(),
  });
  const models = owned.add(
    new Models({
      ...{ keys, memory, reportError, editorModel, demo: window.demo },
      settings: {
        standard: modelSetting,
        setStandard: setModelSetting,
        endpoint: endpointSetting,
        headers: headersSetting,
      },
      facts: (choice) => lists.row(choice),
      traits: (choice) => lists.traits(choice),
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
      if (VendorKeys.isKey(key)) models.changed();
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

const modelSettings = ['model', 'endpoints', 'headers', 'models'] as const;
