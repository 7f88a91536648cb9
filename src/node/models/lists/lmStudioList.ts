import {
  countAt,
  listedModel,
  objectsIn,
  orNothing,
  textAt,
  textsAt,
  type AskEndpoint,
  type ListedModel,
} from './listed';
import { openAiList } from './openAiList';

/** LM Studio loads a model with as much of its window as its settings say; until then nobody knows. */
const unloadedWindow = 32_768;

/** LM Studio's own list, which says what each model takes and whether it is loaded: the loaded ones first. */
export async function lmStudioList(ask: AskEndpoint): Promise<readonly ListedModel[]> {
  const answer = await orNothing(ask.atRoot('/api/v0/models'));
  if (!answer) return openAiList(ask); // Its own list is not there in all versions.
  const models = objectsIn(answer['data'], ask).flatMap((model) => {
    const id = textAt(model, 'id');
    const type = textAt(model, 'type');
    if (id === undefined || (type !== undefined && type !== 'llm' && type !== 'vlm')) return [];
    const max = countAt(model, 'max_context_length');
    const windowTokens =
      countAt(model, 'loaded_context_length') ?? (max === undefined ? undefined : Math.min(max, unloadedWindow));
    const tools = textsAt(model, 'capabilities')?.includes('tool_use');
    const row = listedModel(id, { windowTokens, images: type === undefined ? undefined : type === 'vlm', tools });
    return [{ row, isLoaded: model['state'] === 'loaded' }];
  });
  return [...models.filter(({ isLoaded }) => isLoaded), ...models.filter(({ isLoaded }) => !isLoaded)].map(
    ({ row }) => row,
  );
}
