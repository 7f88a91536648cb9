import type { ModelRow } from '../../core/protocol/models';
import type { ModelPrice } from '../../core/protocol/usage';
import type { ModelMemory } from './modelMemory';

/** An entry of the palette's list of models. */
export interface ModelItem {
  readonly label: string;
  readonly description: string;
  readonly model: string;
}

/** Stands for a name that is in no list. */
export const otherModel = '';

/** Favourites first, then the last used ones, then the rest in the vendor's order; at the end a name of the user's own. */
export function modelItems(
  vendor: string,
  rows: readonly ModelRow[],
  memory: Pick<ModelMemory, 'favourites' | 'recent'>,
): readonly ModelItem[] {
  const place = (list: ModelMemory['recent'], model: string): number => {
    const found = list.findIndex((one) => one.vendor === vendor && one.model === model);
    return found === -1 ? list.length : found;
  };
  const ordered = rows.toSorted(
    (left, right) =>
      place(memory.favourites, left.model) - place(memory.favourites, right.model) ||
      place(memory.recent, left.model) - place(memory.recent, right.model),
  );
  const isFavourite = (model: string): boolean => place(memory.favourites, model) < memory.favourites.length;
  return [
    ...ordered.map((row) => ({
      label: `${isFavourite(row.model) ? '$(star-full) ' : ''}${row.label ?? row.model}`,
      description: [row.label === undefined ? '' : row.model, windowText(row.windowTokens), priceText(row.price)]
        .filter((text) => text !== '')
        .join(' · '),
      model: row.model,
    })),
    { label: 'Another model…', description: 'by its name', model: otherModel },
  ];
}

function windowText(tokens: number | undefined): string {
  if (tokens === undefined) return '';
  return tokens >= 1_000_000 ? `${Math.round(tokens / 100_000) / 10}M tokens` : `${Math.round(tokens / 1000)}k tokens`;
}

function priceText(price: ModelPrice | undefined): string {
  return price ? `$${price.input} in, $${price.output} out per million` : 'price unknown';
}
