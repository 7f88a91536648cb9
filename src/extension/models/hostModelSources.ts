import type { ModelChoice, ModelRow } from '../../core/protocol/models';
import { findLocalServers, localServers } from '../../node/models/discovery';
import { knownModels, knownTraits } from '../../node/models/modelFacts';
import { listModels } from '../../node/models/modelLists';
import { modelVendor, modelVendors } from '../../node/models/modelVendors';
import { addressOf } from '../../node/models/providers';
import { testModel } from '../../node/models/testModel';
import { editorModels } from './editorModel';
import { editorVendor } from './editorVendor';
import { modelOverride } from './modelOverrides';
import type { ListedEndpoint, ModelSources } from './modelSources';

export interface HostModelSourcesPorts {
  readonly endpoint: (vendor: string) => string | undefined;
  /** The setting `countersign.models`, as it stands there. */
  readonly overrides: () => unknown;
  /** An entry of that setting is wrong. */
  readonly reportOverride: (error: unknown) => void;
}

/** The table that comes with Countersign, the vendors' endpoints, this machine and VS Code itself. */
export function hostModelSources({ endpoint, overrides, reportOverride }: HostModelSourcesPorts): ModelSources {
  return {
    known: knownModels,
    facts: (choice) => factsOf(choice, endpoint(choice.vendor)),
    said: (choice) => modelOverride(overrides(), choice, reportOverride),
    list: (source, signal) => listModels(withAddress(source), signal),
    findLocal: async (signal) => findLocalServers(localServers(endpoint), signal),
    misaddressed: () => {
      const usable = localServers(endpoint).map(({ vendor }) => vendor);
      return modelVendors.flatMap(({ id, kind }) => (kind === 'local' && !usable.includes(id) ? [id] : []));
    },
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
