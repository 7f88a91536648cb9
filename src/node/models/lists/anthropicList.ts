import { isJsonObject, type JsonObject } from '../../../core/util/json';
import {
  countAt,
  effortsIn,
  flagAt,
  listedModel,
  maxRows,
  objectAt,
  objectsIn,
  textAt,
  type AskEndpoint,
  type ListedModel,
} from './listed';

/** Anthropic's GET {base}/models, page by page. */
export async function anthropicList(ask: AskEndpoint): Promise<readonly ListedModel[]> {
  const rows: ListedModel[] = [];
  const seen = new Set<string>();
  for (let after = ''; ;) {
    const page = await ask(`/models?limit=1000${after === '' ? '' : `&after_id=${encodeURIComponent(after)}`}`);
    if (!isJsonObject(page)) throw ask.misshapen('no list of models');
    rows.push(...objectsIn(page['data'], ask).flatMap(rowOf));
    after = textAt(page, 'last_id') ?? '';
    if (page['has_more'] !== true || after === '' || seen.has(after) || rows.length >= maxRows) return rows;
    seen.add(after);
  }
}

function rowOf(model: JsonObject): readonly ListedModel[] {
  const id = textAt(model, 'id');
  if (id === undefined) return [];
  const abilities = objectAt(model, 'capabilities');
  const isAble = (name: string): boolean | undefined => flagAt(objectAt(abilities, name), 'supported');
  return [
    listedModel(id, {
      label: textAt(model, 'display_name'),
      windowTokens: countAt(model, 'max_input_tokens'),
      maxOutputTokens: countAt(model, 'max_tokens'),
      images: isAble('image_input'),
      pdf: isAble('pdf_input'),
      efforts: effortsOf(objectAt(abilities, 'effort')),
    }),
  ];
}

/** The list does not say whether thinking can be left out, so that 'none' stays with the table; undefined: nothing is said. */
function effortsOf(effort: JsonObject): ListedModel['efforts'] {
  const supported = flagAt(effort, 'supported');
  if (supported === undefined) return undefined;
  return supported ? effortsIn(Object.keys(effort).filter((name) => flagAt(objectAt(effort, name), 'supported'))) : [];
}
