import type { ModelChoice, ModelRow } from '../../core/protocol/models';
import { findLocalServers, localServers } from '../../node/models/discovery';
import { overrideOf, parseModelOverrides } from '../../node/models/factsOverride';
import { knownModels, knownTraits } from '../../node/models/modelFacts';
import { listModels } from '../../node/models/modelLists';
import { modelVendor } from '../../node/models/modelVendors';
import { addressOf } from '../../node/models/providers';
import { testModel } from '../../node/models/testModel';
import { editorModels } from './editorModel';
import { editorVendor } from './editorVendor';
import type { ListedEndpoint, ModelSources } from './modelSources';

export interface HostModelSourcesPorts {
  readonly endpoint: (vendor: string) => string | undefined;
  /** The setting `countersign.models`, as it stands there. */
  readonly overrides: () => unknown;
}

/** The table that comes with Countersign, the vendors' endpoints, this machine and VS Code itself. */
export function hostModelSources({ endpoint, overrides }: HostModelSourcesPorts): ModelSources {
  return {
    known: knownModels,
    facts: (choice) => factsOf(choice, endpoint(choice.vendor)),
    said: ({ vendor, model }) => overrideOf(parseModelOverrides(overrides()), vendor, model),
    list: (source, signal) => listModels(withAddress(source), signal),
    findLocal: async (signal) => findLocalServers(localServers(endpoint), signal),
    editor: editorModels,
    test: (model, signal) => testModel(model, signal),
  };
}

/** @throws ConfigError for an address that is missing or cannot be. */
function withAddress(source: ListedEndpoint): Parameters<typeof listModels>[0] {
  return { ...source, baseUrl: addressOf(source, modelVendor(source.vendor)) };
}

function factsOf({ vendor, model }: ModelChoice, baseUrl: string | undefined): ModelRow {
  if (vendor === editorVendor.id) return { vendor, model, efforts: [] };
  return { vendor, model, ...knownTraits(vendor, model, baseUrl) };
}
