import { reasoningEfforts, type ReasoningEffort } from '../../core/protocol/models';
import type { ModelPrice, TokenRates } from '../../core/protocol/usage';
import { once } from '../../core/util/once';
import { modelTable } from './modelTable';

/** A row of the table of known models, read. */
export interface TableRow {
  readonly id: string;
  readonly label: string;
  /** Tokens of input and output together. */
  readonly windowTokens: number;
  readonly maxOutputTokens: number;
  readonly images: boolean;
  readonly reasons: boolean;
  /** Thinks as much as it sees fit when asked to. */
  readonly adaptive: boolean;
  readonly efforts: readonly ReasoningEffort[];
  readonly price?: ModelPrice;
}

/** What the table knows of a vendor's own models, in the order of the source. */
export function tableRows(vendor: string): readonly TableRow[] {
  return tableOf(vendor)?.rows ?? [];
}

/** The vendor's own row of a model: by its exact id, else by another way to write it (a date, `-latest`, dots or dashes). */
export function ownRow(vendor: string, model: string): TableRow | undefined {
  const table = tableOf(vendor);
  return table?.byId.get(model) ?? table?.byName.get(plainName(model));
}

/**
 * Somebody's row of what seems to be the same model, for what it can do only: the same name without the maker's in front,
 * else the longest name that this one starts with, the vendor's own rows first. 'family': only the start is the same.
 */
export function similarRow(
  vendor: string,
  model: string,
): { readonly row: TableRow; readonly likeness: 'same' | 'family' } | undefined {
  const name = bareName(model);
  const own = tableOf(vendor);
  for (let start = name; start !== ''; start = start.slice(0, Math.max(0, start.lastIndexOf('-')))) {
    const row = own?.byBareName.get(start) ?? index().everybody.get(start);
    if (row) return { row, likeness: start === name ? 'same' : 'family' };
  }
  return undefined;
}

interface VendorTable {
  readonly rows: readonly TableRow[];
  readonly byId: ReadonlyMap<string, TableRow>;
  readonly byName: ReadonlyMap<string, TableRow>;
  readonly byBareName: ReadonlyMap<string, TableRow>;
}

/** Read once, and not before somebody asks: lists of endpoints hold hundreds of models, and each is looked up. */
const index = once(() => {
  const tables = new Map(modelTable.map(([vendor, text]) => [vendor, indexed(text.trim().split('\n').map(readRow))]));
  const everybody = [...tables.values()].flatMap(({ rows }) => rows);
  return { tables, everybody: namesOf(everybody, bareName) };
});

function indexed(rows: readonly TableRow[]): VendorTable {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return { rows, byId, byName: namesOf(rows, plainName), byBareName: namesOf(rows, bareName) };
}

/** Azure serves OpenAI's models at OpenAI's prices; the script that makes the table checks that. */
function tableOf(vendor: string): VendorTable | undefined {
  return index().tables.get(vendor === 'azure' ? 'openai' : vendor);
}

/** Of a model and its dated versions, which have the same name, the undated one. */
function namesOf(rows: readonly TableRow[], nameOf: (id: string) => string): ReadonlyMap<string, TableRow> {
  const names = new Map<string, TableRow>();
  for (const row of rows) {
    const before = names.get(nameOf(row.id));
    if (!before || row.id.length < before.id.length) names.set(nameOf(row.id), row);
  }
  return names;
}

/** Without the maker in front of it, which resellers put there. */
function bareName(model: string): string {
  return plainName(model.split('/').at(-1) ?? model);
}

/** Without what one model is written with in several ways. */
function plainName(model: string): string {
  return model
    .replace(/^models\//, '')
    .toLowerCase()
    .replaceAll(/[.:]/g, '-')
    .replace(/[-@](\d{8}|\d{4}-\d{2}-\d{2})$/, '')
    .replace(/-(latest|\d{3})$/, '');
}

function readRow(line: string): TableRow {
  const [id = '', windowTokens, maxOutputTokens, abilities = '', efforts = '', price = '-', ...label] = line.split(' ');
  return {
    id,
    label: label.join(' '),
    windowTokens: Number(windowTokens),
    maxOutputTokens: Number(maxOutputTokens),
    images: abilities.includes('i'),
    reasons: abilities.includes('r'),
    adaptive: abilities.includes('a'),
    efforts: reasoningEfforts.filter((_, place) => efforts.includes(String(place))),
    ...(price !== '-' && { price: readPrice(price) }),
  };
}

function readPrice(text: string): ModelPrice {
  const [standard = '', ...tiers] = text.split('>');
  if (tiers.length === 0) return readRates(standard);
  return {
    ...readRates(standard),
    tiers: tiers.map((tier) => {
      const [aboveInputTokens, rates = ''] = tier.split(':');
      return { aboveInputTokens: Number(aboveInputTokens), ...readRates(rates) };
    }),
  };
}

function readRates(text: string): TokenRates {
  const [input, output, cacheRead = '', cacheWrite = ''] = text.split(',');
  return {
    input: Number(input),
    output: Number(output),
    ...(cacheRead !== '' && { cacheRead: Number(cacheRead) }),
    ...(cacheWrite !== '' && { cacheWrite: Number(cacheWrite) }),
  };
}
