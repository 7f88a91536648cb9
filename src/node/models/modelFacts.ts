import type { ModelRow, ReasoningEffort } from '../../core/protocol/models';
import type { ModelPrice } from '../../core/protocol/usage';
import { isLoopback } from './connection';
import { ownRow, similarRow, tableRows, type TableRow } from './tableRow';

/** What is known of a model before anybody asked its endpoint. */
export interface ModelFacts {
  /** Tokens of input and output together. */
  readonly maxWindowSize: number;
  readonly maxOutputTokens: number;
  readonly images: boolean;
  readonly pdf: boolean;
  /** 'adaptive': thinks as much as it sees fit when asked to, and can show a summary of it. 'none': not, or only by a budget of tokens. */
  readonly thinking: 'none' | 'adaptive' | 'unknown';
  /** Least first; empty: not known, or none on demand. */
  readonly efforts: readonly ReasoningEffort[];
  /** Absent: not known. 0 only for what runs on this machine. */
  readonly price?: ModelPrice;
  /** For people. */
  readonly label?: string;
}

/** What a row of a list says of a model, its names aside. */
export type ModelTraits = Partial<Omit<ModelRow, 'vendor' | 'model' | 'label'>>;

/**
 * Facts of a vendor's model. A date, `-latest`, dots or dashes do not matter. What a reseller or a server on this machine
 * serves under a known name is taken to have the same abilities, never the same price. Unknown: cautious defaults, no price.
 *
 * @param baseUrl where the model is; a local server is free only on this machine. Default: the vendor's own address.
 */
export function modelFacts(vendor: string, model: string, baseUrl?: string): ModelFacts {
  const own = ownRow(vendor, model);
  if (own) return factsOf(vendor, own);
  const similar = similarRow(vendor, model);
  const free = isFree(vendor, model, baseUrl) && { price: { input: 0, output: 0 } };
  if (!similar) return { ...unknownModel, ...free };
  const { maxWindowSize, maxOutputTokens, efforts, ...abilities } = factsOf(vendor, similar.row);
  const { price: _price, label: _label, ...rest } = abilities;
  const isServedHere = localVendors.includes(vendor);
  return {
    ...rest,
    // Of a local server its own configuration says how much it takes; the name of the model says no more than a limit.
    maxWindowSize: isServedHere ? Math.min(maxWindowSize, unknownModel.maxWindowSize) : maxWindowSize,
    maxOutputTokens: isServedHere ? Math.min(maxOutputTokens, unknownModel.maxOutputTokens) : maxOutputTokens,
    efforts: similar.likeness === 'same' ? efforts : [],
    ...free,
  };
}

/** The vendor's models that the table knows, to choose from while nobody has asked the endpoint. */
export function knownModels(vendor: string): readonly ModelRow[] {
  return tableRows(vendor).map((row) => ({ vendor, model: row.id, ...knownOf(factsOf(vendor, row)) }));
}

/**
 * What the table knows of a model that an endpoint has listed; nothing is made up for one that it does not know. Of a local
 * server it does not say how much the model takes: that is a matter of the server's configuration.
 */
export function knownTraits(
  vendor: string,
  model: string,
  baseUrl?: string,
): ModelTraits & { readonly label?: string } {
  const isKnown = ownRow(vendor, model) !== undefined || similarRow(vendor, model)?.likeness === 'same';
  const { windowTokens, maxOutputTokens, price, ...abilities } = knownOf(modelFacts(vendor, model, baseUrl));
  const limits = {
    ...(windowTokens !== undefined && { windowTokens }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  };
  return {
    ...(isKnown && abilities),
    ...(isKnown && !localVendors.includes(vendor) && limits),
    ...(price && { price }),
  };
}

const localVendors: readonly string[] = ['ollama', 'lmstudio', 'vllm', 'llamacpp'];

/** Too small costs an early compaction, too large a failed request: in doubt the smaller number. */
const unknownModel: ModelFacts = {
  maxWindowSize: 128_000,
  maxOutputTokens: 8_192,
  images: false,
  pdf: false,
  thinking: 'unknown',
  efforts: [],
};

/** What runs on this machine costs nothing by the token. Ollama also passes requests on to its own cloud, which does. */
function isFree(vendor: string, model: string, baseUrl: string | undefined): boolean {
  if (vendor === 'scripted') return true;
  if (!localVendors.includes(vendor) || /[:-]cloud$/.test(model)) return false;
  return baseUrl === undefined || (URL.canParse(baseUrl) && isLoopback(new URL(baseUrl).hostname));
}

function factsOf(vendor: string, row: TableRow): ModelFacts {
  return {
    maxWindowSize: row.windowTokens,
    maxOutputTokens: row.maxOutputTokens,
    images: row.images,
    pdf: row.images && takesPdf(vendor, row.id),
    thinking: thinkingOf(row),
    efforts: row.efforts,
    label: row.label,
    ...(row.price && { price: row.price }),
  };
}

/** Claude's older models think only by a budget, which is not asked for; of the others nobody says how they think. */
function thinkingOf(row: TableRow): ModelFacts['thinking'] {
  if (row.adaptive) return 'adaptive';
  return row.reasons && !/^claude-/.test(row.id) ? 'unknown' : 'none';
}

/**
 * The table does not say it. Sources: Anthropic, "PDF support" (all active models); OpenAI, "File inputs" (models that take
 * images, from gpt-4o on); Google, "Document understanding" (Gemini).
 */
function takesPdf(vendor: string, model: string): boolean {
  switch (vendor) {
    case 'anthropic':
      return true;
    case 'openai':
    case 'azure':
      return /^(gpt-4o|gpt-4\.1|gpt-[5-9]|gpt-daybreak|o\d|chat-latest)/.test(model);
    case 'google':
      return model.startsWith('gemini-');
    default:
      return false;
  }
}

function knownOf(facts: ModelFacts): ModelTraits & { readonly label?: string } {
  const { maxWindowSize, maxOutputTokens, images, pdf, efforts, price, label } = facts;
  return {
    ...(label !== undefined && { label }),
    windowTokens: maxWindowSize,
    maxOutputTokens,
    images,
    pdf,
    tools: true,
    efforts,
    ...(price && { price }),
  };
}
