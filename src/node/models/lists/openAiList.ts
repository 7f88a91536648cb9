import type { ModelPrice } from '../../../core/protocol/usage';
import { isJsonObject, type JsonObject } from '../../../core/util/json';
import {
  countAt,
  flagAt,
  listedModel,
  objectAt,
  objectsIn,
  orNothing,
  textAt,
  textsAt,
  type AskEndpoint,
  type ListedModel,
} from './listed';

/** GET {base}/models of everybody who speaks OpenAI's language, each with own fields beside the id. */
export async function openAiList(ask: AskEndpoint): Promise<readonly ListedModel[]> {
  return (await openAiModels(ask)).map(rowOf);
}

/** Together's, with prices: who else has a field `pricing` counts in units of his own, which it does not say. */
export async function togetherList(ask: AskEndpoint): Promise<readonly ListedModel[]> {
  return (await openAiModels(ask)).map((model) => {
    const price = priceOf(objectAt(model, 'pricing'));
    return { ...rowOf(model), ...(price && { price }) };
  });
}

/** Those that can chat and have a name. */
async function openAiModels(ask: AskEndpoint): Promise<readonly NamedModel[]> {
  const answer = await ask('/models');
  const list = isJsonObject(answer) ? (answer['data'] ?? answer['models']) : answer; // Together sends the bare list.
  return objectsIn(list, ask).flatMap((model) => {
    const id = textAt(model, 'id');
    return id === undefined || !canChat(model) ? [] : [{ ...model, id }];
  });
}

type NamedModel = JsonObject & { readonly id: string };

/** llama.cpp: the same, and what the server was started with, which says more than what the model was trained for. */
export async function llamaCppList(ask: AskEndpoint): Promise<readonly ListedModel[]> {
  const rows = await openAiList(ask);
  const [only, ...others] = rows;
  if (only === undefined || others.length > 0) return rows;
  const props = await orNothing(ask.atRoot('/props'));
  if (!props) return rows;
  const windowTokens = countAt(objectAt(props, 'default_generation_settings'), 'n_ctx') ?? only.windowTokens;
  const images = flagAt(objectAt(props, 'modalities'), 'vision');
  const tools = flagAt(objectAt(props, 'chat_template_caps'), 'supports_tools');
  return [listedModel(only.model, { ...only, windowTokens, images, tools })];
}

function rowOf(model: NamedModel): ListedModel {
  const abilities = objectAt(model, 'capabilities');
  return listedModel(model.id, {
    label: textAt(model, 'display_name', 'name'),
    // In the order: vLLM; Mistral; Groq; Together, Kimi; llama.cpp.
    windowTokens:
      countAt(model, 'max_model_len', 'max_context_length', 'context_window', 'context_length') ??
      countAt(objectAt(model, 'meta'), 'n_ctx', 'n_ctx_train'),
    maxOutputTokens: countAt(model, 'max_completion_tokens'),
    images: flagAt(abilities, 'vision') ?? flagAt(model, 'supports_image_in'),
    tools: flagAt(abilities, 'function_calling'),
  });
}

/** US dollars per million tokens as numbers. A 0 stands there for what is not sold by the token. */
function priceOf({ input, output, cached_input: cacheRead }: JsonObject): ModelPrice | undefined {
  if (typeof input !== 'number' || typeof output !== 'number' || !(input > 0 && output > 0)) return undefined;
  return { input, output, ...(typeof cacheRead === 'number' && cacheRead > 0 && { cacheRead }) };
}

/** What the endpoint itself says of it; names are looked at later. */
function canChat(model: JsonObject): boolean {
  const abilities = objectAt(model, 'capabilities');
  const says = [flagAt(abilities, 'completion_chat'), flagAt(abilities, 'chat_completion'), flagAt(model, 'active')];
  const type = textAt(model, 'type');
  return (
    !says.includes(false) &&
    (type === undefined || /^(model|base|chat|language|llm|vlm|fine-tuned)$/.test(type)) &&
    textsAt(model, 'output_modalities')?.includes('text') !== false
  );
}
