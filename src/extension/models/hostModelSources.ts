import type { ModelChoice, ModelRow } from '../../core/protocol/models';
import { parseModelOverrides, overrideOf } from '../../node/models/factsOverride';
import { knownModels, knownTraits } from '../../node/models/modelFacts';
import { modelVendor } from '../../node/models/modelVendors';
import { addressOf } from '../../node/models/providers';
import { editorModels } from './editorModel';
import { editorVendor } from './editorVendor';
import type { ModelSources } from './modelSources';

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
    list: async ({ vendor: id, ...connection }, signal) => {
      const vendor = modelVendor(id);
      const { listModels } = await import('../../node/models/modelLists');
      const source = { ...connection, vendor: id, baseUrl: addressOf(connection, vendor), label: vendor.label };
      return listModels(source, signal);
    },
    findLocal: () => Promise.resolve(new Set()),
    editor: editorModels,
    test: () => Promise.resolve({ ok: false, code: 'unknown', message: 'Not there yet.', advice: '' }),
  };
}

function factsOf({ vendor, model }: ModelChoice, baseUrl: string | undefined): ModelRow {
  if (vendor === editorVendor.id) return { vendor, model, efforts: [] };
  return { vendor, model, ...knownTraits(vendor, model, baseUrl) };
}
