import { isJsonObject, type JsonObject, type JsonValue } from '../../../core/util/json';
import {
  countAt,
  effortsIn,
  listedModel,
  objectAt,
  objectsIn,
  orNothing,
  textAt,
  textsAt,
  type AskEndpoint,
  type ListedModel,
} from './listed';

const maxShown = 30;
const atOnce = 4;

/**
 * While a model is not loaded nobody says how much of its window Ollama will give it; the rest it cuts off without a word.
 * Its default is 4,096 tokens with little graphics memory and 32,768 or more with much. Once the model is loaded, for
 * example by a test of it, a new list says the truth.
 */
const unloadedWindow = 8_192;

/** Ollama's /api/tags, with /api/show for what the first 30 can do and /api/ps for how much the loaded ones take. */
export async function ollamaList(ask: AskEndpoint): Promise<readonly ListedModel[]> {
  const [tags, loaded] = await Promise.all([ask.atRoot('/api/tags'), loadedWindows(ask)]);
  const names = objectsIn(isJsonObject(tags) ? tags['models'] : undefined, ask).flatMap(
    (model) => textAt(model, 'model', 'name') ?? [],
  );
  const rows = new Map<string, readonly ListedModel[]>(names.map((name) => [name, [{ model: name }]]));
  const waiting = names.slice(0, maxShown);
  const show = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      rows.set(name, rowOf(name, await orNothing(ask.atRoot('/api/show', { model: name })), loaded.get(name)));
  };
  await Promise.all(Array.from({ length: atOnce }, show));
  return [...rows.values()].flat();
}

/** How much the loaded models were given. Older servers do not say it. */
async function loadedWindows(ask: AskEndpoint): Promise<ReadonlyMap<string, number>> {
  const models = (await orNothing(ask.atRoot('/api/ps')))?.['models'];
  if (!Array.isArray(models)) return new Map();
  return new Map(
    (models as readonly JsonValue[]).filter(isJsonObject).flatMap((model) => {
      const [name, tokens] = [textAt(model, 'model', 'name'), countAt(model, 'context_length')];
      return name === undefined || tokens === undefined ? [] : [[name, tokens] as const];
    }),
  );
}

function rowOf(name: string, answer: JsonObject | undefined, loadedTokens: number | undefined): readonly ListedModel[] {
  if (!answer) return [listedModel(name, { windowTokens: loadedTokens })];
  const abilities = textsAt(answer, 'capabilities');
  if (abilities?.includes('completion') === false) return [];
  return [
    listedModel(name, {
      windowTokens: loadedTokens ?? configuredWindow(answer) ?? unloaded(name, trainedWindow(answer)),
      images: abilities?.includes('vision'),
      tools: abilities?.includes('tools'),
      efforts: abilities?.includes('thinking') === false ? [] : namedEfforts(objectAt(answer, 'thinking')),
    }),
  ];
}

/** What the Modelfile says; parameters come as lines of text. */
function configuredWindow(answer: JsonObject): number | undefined {
  const { parameters } = answer;
  const found = typeof parameters === 'string' ? /^num_ctx\s+(\d{1,9})$/m.exec(parameters)?.[1] : undefined;
  return found === undefined ? undefined : Number(found);
}

function trainedWindow(answer: JsonObject): number | undefined {
  const info = objectAt(answer, 'model_info');
  return countAt(info, ...Object.keys(info).filter((name) => name.endsWith('.context_length')));
}

/** Ollama's own cloud gives its models all they have. */
function unloaded(name: string, trained: number | undefined): number | undefined {
  return trained === undefined || /[:-]cloud$/.test(name) ? trained : Math.min(trained, unloadedWindow);
}

/** Values that `think` takes: words, and `false` for not at all. */
function namedEfforts({ values }: JsonObject): ListedModel['efforts'] {
  if (!Array.isArray(values)) return undefined;
  const words = (values as readonly JsonValue[]).map((value) => (value === false ? 'none' : value));
  return effortsIn(words.filter((word) => typeof word === 'string'));
}
