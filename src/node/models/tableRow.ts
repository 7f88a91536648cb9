import { reasoningEfforts, type ReasoningEffort } from '../../core/protocol/models';
import type { ModelPrice, TokenRates } from '../../core/protocol/usage';
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
  return linesOf(vendor).map(readRow);
}

/** The vendor's own row of a model: by its exact id, else by another way to write it (a date, `-latest`, dots or dashes). */
export function ownRow(vendor: string, model: string): TableRow | undefined {
  const lines = linesOf(vendor);
  const exact = lines.find((line) => idOf(line) === model);
  if (exact !== undefined) return readRow(exact);
  const name = plainName(model, false);
  return shortest(lines.filter((line) => plainName(idOf(line), false) === name));
}

/**
 * Somebody's row of what seems to be the same model, for what it can do only: the same name without the maker's in front,
 * else the longest name that this one starts with, the vendor's own rows first. 'family': only the start is the same.
 */
export function similarRow(
  vendor: string,
  model: string,
): { readonly row: TableRow; readonly likeness: 'same' | 'family' } | undefined {
  const name = plainName(model, true);
  const lines = [...linesOf(vendor), ...modelTable.flatMap(([, rows]) => split(rows))];
  const same = shortest(lines.filter((line) => plainName(idOf(line), true) === name));
  if (same) return { row: same, likeness: 'same' };
  const family = lines
    .filter((line) => name.startsWith(`${plainName(idOf(line), true)}-`))
    .sort((left, right) => plainName(idOf(right), true).length - plainName(idOf(left), true).length)[0];
  return family === undefined ? undefined : { row: readRow(family), likeness: 'family' };
}

/** Azure serves OpenAI's models at OpenAI's prices; the script that makes the table checks that. */
function linesOf(vendor: string): readonly string[] {
  const owner = vendor === 'azure' ? 'openai' : vendor;
  return split(modelTable.find(([name]) => name === owner)?.[1] ?? '');
}

function split(rows: string): readonly string[] {
  return rows.split('\n').filter((line) => line !== '');
}

function idOf(line: string): string {
  return line.slice(0, line.indexOf(' '));
}

/** Of a model and its dated versions the undated one. */
function shortest(lines: readonly string[]): TableRow | undefined {
  const [line] = lines.toSorted((left, right) => idOf(left).length - idOf(right).length);
  return line === undefined ? undefined : readRow(line);
}

/** Without what one model is written with in several ways; `bare`: without the maker in front of it, too. */
function plainName(model: string, bare: boolean): string {
  const name = bare ? (model.split('/').at(-1) ?? model) : model.replace(/^models\//, '');
  return name
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
