import { isJsonObject, type JsonObject } from '../../../core/util/json';
import {
  countAt,
  listedModel,
  maxRows,
  objectsIn,
  textAt,
  textsAt,
  type AskEndpoint,
  type ListedModel,
} from './listed';

/** Google's GET {base}/models, page by page: those that generate content. */
export async function googleList(ask: AskEndpoint): Promise<readonly ListedModel[]> {
  const rows: ListedModel[] = [];
  const seen = new Set<string>();
  for (let token = ''; ;) {
    const page = await ask(`/models?pageSize=1000${token === '' ? '' : `&pageToken=${encodeURIComponent(token)}`}`);
    if (!isJsonObject(page)) throw ask.misshapen('no list of models');
    rows.push(...objectsIn(page['models'], ask).flatMap(rowOf));
    token = textAt(page, 'nextPageToken') ?? '';
    if (token === '' || seen.has(token) || rows.length >= maxRows) return rows;
    seen.add(token);
  }
}

function rowOf(model: JsonObject): readonly ListedModel[] {
  const name = textAt(model, 'name');
  if (name === undefined || textsAt(model, 'supportedGenerationMethods')?.includes('generateContent') === false)
    return [];
  return [
    listedModel(name.replace(/^models\//, ''), {
      label: textAt(model, 'displayName'),
      windowTokens: countAt(model, 'inputTokenLimit'),
      maxOutputTokens: countAt(model, 'outputTokenLimit'),
      efforts: model['thinking'] === false ? [] : undefined,
    }),
  ];
}
