import {
  isSameModel,
  type ModelChoice,
  type ModelRow,
  type ModelsView,
  type VendorView,
} from '../../core/protocol/models';

/** A line of the model picker. `key` is stable while the list changes under it. */
export type PickerEntry = { readonly key: string } & (
  | { readonly kind: 'heading'; readonly title: string }
  | { readonly kind: 'vendor'; readonly vendor: VendorView }
  | {
      readonly kind: 'model';
      readonly row: ModelRow;
      readonly vendor: VendorView;
      readonly favourite: boolean;
      /** Whether the shown session uses it. */
      readonly current: boolean;
      /** Whether the vendor has to be said: it stands below a heading that is not the vendor's. */
      readonly named: boolean;
    }
  | { readonly kind: 'more'; readonly vendor: VendorView }
);

export interface EntriesInput {
  readonly models: ModelsView;
  readonly query: string;
  readonly current: ModelChoice | undefined;
  /** The last used first. */
  readonly recent: readonly ModelChoice[];
  /** Vendors of which all models are shown. */
  readonly expanded: ReadonlySet<string>;
}

/** A vendor with more models than this shows only the first ones, until it is unfolded. */
const mostUnfolded = 10;
const shownOfMany = 7;
const mostRecent = 4;

/** Favourites, recent ones, the vendors that are ready with their models, then those to set up. A query looks through all models. */
export function modelEntries(input: EntriesInput): readonly PickerEntry[] {
  const words = input.query
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '');
  return words.length > 0 ? searched(input, words) : grouped(input);
}

function searched(input: EntriesInput, words: readonly string[]): readonly PickerEntry[] {
  return input.models.vendors.flatMap((vendor): readonly PickerEntry[] => {
    const label = vendor.label.toLowerCase();
    const found = vendor.models.filter((row) => {
      const text = `${label} ${row.label ?? ''} ${row.model}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const isNamed = words.every((word) => label.includes(word));
    if (found.length === 0 && !isNamed) return [];
    return [vendorEntry(vendor), ...found.map((row) => modelEntry(input, vendor, row, 'all'))];
  });
}

function grouped(input: EntriesInput): readonly PickerEntry[] {
  const { models, expanded } = input;
  const favourites = chosen(input, models.favourites, 'favourite');
  const others = input.recent.filter((choice) => !models.favourites.some((one) => isSameModel(one, choice)));
  const recent = chosen(input, others.slice(0, mostRecent), 'recent');
  const ready = models.vendors.filter((vendor) => vendor.ready);
  const toSetUp = models.vendors.filter((vendor) => !vendor.ready);
  return [
    ...headed('Favourites', favourites),
    ...headed('Recent', recent),
    ...ready.flatMap((vendor): readonly PickerEntry[] => {
      const folded = vendor.models.length > mostUnfolded && !expanded.has(vendor.id);
      const rows = folded ? vendor.models.slice(0, shownOfMany) : vendor.models;
      return [
        vendorEntry(vendor),
        ...rows.map((row) => modelEntry(input, vendor, row, 'all')),
        ...(folded ? [{ key: `more:${vendor.id}`, kind: 'more', vendor } as const] : []),
      ];
    }),
    ...headed(ready.length > 0 ? 'Set up another' : 'Set up', toSetUp.map(vendorEntry)),
  ];
}

function chosen(input: EntriesInput, choices: readonly ModelChoice[], group: string): readonly PickerEntry[] {
  return choices.flatMap((choice) => {
    const vendor = input.models.vendors.find((one) => one.id === choice.vendor);
    if (!vendor) return [];
    const { model } = choice;
    const row = vendor.models.find((one) => one.model === model) ?? { vendor: vendor.id, model };
    return [modelEntry(input, vendor, row, group)];
  });
}

const headed = (title: string, entries: readonly PickerEntry[]): readonly PickerEntry[] =>
  entries.length === 0 ? [] : [{ key: `heading:${title}`, kind: 'heading', title }, ...entries];

const vendorEntry = (vendor: VendorView): PickerEntry => ({ key: `vendor:${vendor.id}`, kind: 'vendor', vendor });

function modelEntry({ models, current }: EntriesInput, vendor: VendorView, row: ModelRow, group: string): PickerEntry {
  return {
    ...{ key: `${group}:${row.vendor}:${row.model}`, kind: 'model', row, vendor, named: group !== 'all' },
    favourite: models.favourites.some((choice) => isSameModel(choice, row)),
    current: current !== undefined && isSameModel(current, row),
  };
}
