import {
  isSameModel,
  type KeyView,
  type ModelChoice,
  type ModelRow,
  type ModelsView,
  type VendorView,
} from '../../core/protocol/models';
import type { ModelVendor } from '../../node/models/modelVendors';
import { editorVendor } from './editorVendor';

/** A vendor's list of models as far as it is there. */
export type ModelList =
  | { readonly kind: 'asking' }
  | { readonly kind: 'listed'; readonly rows: readonly ModelRow[] }
  | { readonly kind: 'failed'; readonly problem: string; readonly advice: string };

/** Everything that the model picker is made of. */
export interface CatalogParts {
  readonly vendors: readonly ModelVendor[];
  /** The models that are known without asking anybody. */
  readonly known: (vendor: string) => readonly ModelRow[];
  readonly keys: ReadonlyMap<string, readonly KeyView[]>;
  /** Where the user's requests go, by vendor; absent: to the vendor's own address. */
  readonly endpoint: (vendor: string) => string | undefined;
  readonly lists: ReadonlyMap<string, ModelList>;
  /** The local servers that answered; undefined: nobody has looked yet. */
  readonly found: ReadonlySet<string> | undefined;
  /** VS Code's own models; undefined: nobody has asked yet. */
  readonly editorModels: readonly ModelRow[] | undefined;
  readonly favourites: readonly ModelChoice[];
  readonly recent: readonly ModelChoice[];
  readonly standard: ModelChoice | undefined;
}

/** What the model picker shows: who is ready first, else in the order of the vendors' list. */
export function modelsView(parts: CatalogParts): ModelsView {
  const { favourites, standard, vendors, recent } = parts;
  const views = [...vendors.map((vendor) => vendorView(vendor, parts)), editorView(parts)];
  return {
    vendors: [...views.filter(({ ready }) => ready), ...views.filter(({ ready }) => !ready)],
    ...{ favourites, recent },
    ...(standard && { standard }),
  };
}

function vendorView(vendor: ModelVendor, parts: CatalogParts): VendorView {
  const { id, label, kind, needsKey, keyUrl } = vendor;
  const keys = parts.keys.get(id) ?? [];
  const baseUrl = parts.endpoint(id) ?? vendor.defaultBaseUrl;
  const isFound = kind === 'local' ? parts.found?.has(id) : undefined;
  const list = parts.lists.get(id);
  return {
    ...{ id, label, kind, needsKey, keys },
    ...(keyUrl !== undefined && { keyUrl }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(isFound !== undefined && { found: isFound }),
    ready:
      baseUrl !== undefined &&
      (!needsKey || keys.some(({ current, givenFor }) => current && givenFor === undefined)) &&
      (kind !== 'local' || isFound === true),
    models: mergeRows(parts.known(id), list?.kind === 'listed' ? list.rows : []),
    list: listState(list),
  };
}

function editorView({ editorModels }: CatalogParts): VendorView {
  return {
    ...editorVendor,
    keys: [],
    ready: (editorModels?.length ?? 0) > 0,
    models: editorModels ?? [],
    list: editorModels === undefined ? 'asking' : 'listed',
  };
}

function listState(list: ModelList | undefined): VendorView['list'] {
  if (list?.kind === 'failed') return { problem: list.problem, advice: list.advice };
  return list?.kind ?? 'known';
}

/** What the endpoint lists is there for sure and comes first; what the table knows of a model completes it. */
function mergeRows(known: readonly ModelRow[], listed: readonly ModelRow[]): readonly ModelRow[] {
  const complete = listed.map((row) => ({ ...known.find((one) => isSameModel(one, row)), ...row }));
  return [...complete, ...known.filter((row) => !listed.some((one) => isSameModel(one, row)))];
}
