import { ModelError } from '../../../core/model/provider';
import { reasoningEfforts, type ModelRow, type ReasoningEffort } from '../../../core/protocol/models';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../core/util/json';

/** What an endpoint says of one of its models; what it does not say is absent. */
export type ListedModel = Omit<ModelRow, 'vendor'>;

/** Asks the endpoint for JSON. `path` starts with `/` and goes behind the base URL. Throws as `askJson` does. */
export interface AskEndpoint {
  (path: string): Promise<JsonValue>;
  /** Beside the versioned API, at the server's root; with a body it is a POST. */
  readonly atRoot: (path: string, body?: JsonObject) => Promise<JsonValue>;
  /** The failure of an answer that is not of the expected shape. */
  readonly misshapen: (what: string) => Error;
}

/** Nobody reads on; and a server that never stops paging is left. */
export const maxRows = 1_000;

/** An answer that only adds to the list: without it the list stands. */
export async function orNothing(answer: Promise<JsonValue>): Promise<JsonObject | undefined> {
  try {
    const value = await answer;
    return isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof ModelError) return undefined;
    throw error;
  }
}

/** The objects of a list. @throws `misshapen` where there is none. */
export function objectsIn(list: JsonValue | undefined, ask: AskEndpoint): readonly JsonObject[] {
  if (!Array.isArray(list)) throw ask.misshapen('no list of models');
  const objects = (list as readonly JsonValue[]).filter(isJsonObject);
  if (list.length > 0 && objects.length === 0) throw ask.misshapen('a list of something else than models');
  return objects;
}

/** A text that can be shown, stored and sent: one line, not too long. */
export function textAt(object: JsonObject, ...names: readonly string[]): string | undefined {
  const texts = names.map((name) => object[name]);
  return texts.find((value): value is string => typeof value === 'string' && /^\P{Cc}{1,200}$/u.test(value));
}

/** The first of these fields that holds a whole number above 0. */
export function countAt(object: JsonObject, ...names: readonly string[]): number | undefined {
  const counts = names.map((name) => object[name]);
  return counts.find((value): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value > 0);
}

export function flagAt(object: JsonObject, name: string): boolean | undefined {
  const value = object[name];
  return typeof value === 'boolean' ? value : undefined;
}

/** An object in a field, empty where there is none. */
export function objectAt(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isJsonObject(value) ? value : {};
}

/** The texts of a list in a field; undefined where there is no list. */
export function textsAt(object: JsonObject, name: string): readonly string[] | undefined {
  const value = object[name];
  if (!Array.isArray(value)) return undefined;
  return (value as readonly JsonValue[]).filter((entry) => typeof entry === 'string');
}

/** Those of the words that are efforts, least first. */
export function effortsIn(words: readonly string[]): readonly ReasoningEffort[] {
  return reasoningEfforts.filter((effort) => words.includes(effort));
}

type Traits = Omit<ListedModel, 'model'>;

/** A row of what an endpoint says; what it left undefined is absent. */
export function listedModel(
  model: string,
  said: { readonly [Name in keyof Traits]?: Traits[Name] | undefined },
): ListedModel {
  const { label, windowTokens, maxOutputTokens, price, images, pdf, tools, efforts } = said;
  return {
    model,
    ...(label !== undefined && { label }),
    ...(windowTokens !== undefined && { windowTokens }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(price !== undefined && { price }),
    ...(images !== undefined && { images }),
    ...(pdf !== undefined && { pdf }),
    ...(tools !== undefined && { tools }),
    ...(efforts !== undefined && { efforts }),
  };
}
