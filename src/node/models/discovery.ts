import { ConfigError } from '../../core/errors';
import { ModelError } from '../../core/model/provider';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/util/json';
import { isLocal, type Endpoint } from './advice';
import { askJson, inTime } from './jsonEndpoint';
import { modelVendors } from './modelVendors';
import { addressOf } from './providers';

/** A server that may run on this machine. */
export interface LocalServer {
  /** An id of `modelVendors`. */
  readonly vendor: string;
  readonly baseUrl: string;
}

/**
 * Where local servers are looked for: at their usual ports, or where the user says that they are. A vendor whose address cannot
 * be is left out; the others are looked for all the same.
 */
export function localServers(addressFor: (vendor: string) => string | undefined): readonly LocalServer[] {
  return modelVendors
    .filter(({ kind }) => kind === 'local')
    .flatMap((vendor) => {
      const baseUrl = addressFor(vendor.id);
      try {
        return [{ vendor: vendor.id, baseUrl: addressOf(baseUrl === undefined ? {} : { baseUrl }, vendor) }];
      } catch (error) {
        if (error instanceof ConfigError) return [];
        throw error;
      }
    });
}

/**
 * The vendors whose servers answer, by what only they answer: something else on the same port is not taken for one. All are
 * asked at once, each for at most 400 ms (2 s where it is not this machine); no key is sent.
 * @throws the signal's reason when aborted, and nothing else.
 */
export async function findLocalServers(
  servers: readonly LocalServer[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const found = await Promise.all(
    servers.map(async (server) => ((await isThere(server, signal)) ? [server.vendor] : [])),
  );
  signal.throwIfAborted();
  return new Set(found.flat());
}

async function isThere({ vendor, baseUrl }: LocalServer, signal: AbortSignal): Promise<boolean> {
  const endpoint: Endpoint = { label: vendor, model: '', baseUrl, secrets: [] };
  const root = baseUrl.replace(/\/v1$/, '');
  try {
    return await inTime(isLocal(endpoint) ? 400 : 2_000, endpoint, signal, (inside) =>
      signOf(vendor)((path) => askJson({ url: `${root}${path}` }, endpoint, inside)),
    );
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ModelError) return false; // Nobody there, or somebody who does not know the question.
    throw error;
  }
}

type Ask = (path: string) => Promise<JsonValue>;

/** How a vendor's server is told from anything else. */
function signOf(vendor: string): (ask: Ask) => Promise<boolean> {
  switch (vendor) {
    case 'ollama':
      return isOllama;
    case 'lmstudio':
      return isLmStudio;
    case 'vllm':
      return isVllm;
    case 'llamacpp':
      return isLlamaCpp;
    default:
      return () => Promise.resolve(false);
  }
}

async function isOllama(ask: Ask): Promise<boolean> {
  const [version, tags] = await Promise.all([ask('/api/version'), ask('/api/tags')]);
  return hasVersion(version) && isJsonObject(tags) && objectsOf(tags['models']) !== undefined;
}

/** Its own list names the kind of each model. */
async function isLmStudio(ask: Ask): Promise<boolean> {
  const list = await ask('/api/v0/models');
  const models = isJsonObject(list) ? objectsOf(list['data']) : undefined;
  return (
    models !== undefined && models.every(({ type, state }) => typeof type === 'string' && typeof state === 'string')
  );
}

/** With a key of its own it names its version to anybody and its models to nobody. */
async function isVllm(ask: Ask): Promise<boolean> {
  try {
    return owners(await ask('/v1/models')).includes('vllm');
  } catch (error) {
    if (error instanceof ModelError && error.code === 'authentication') return hasVersion(await ask('/version'));
    throw error;
  }
}

/** The list of models is open to anybody, the server's properties are not always. */
async function isLlamaCpp(ask: Ask): Promise<boolean> {
  if (owners(await ask('/v1/models')).includes('llamacpp')) return true;
  const props = await ask('/props');
  return isJsonObject(props) && isJsonObject(props['default_generation_settings']) && 'total_slots' in props;
}

function owners(list: JsonValue): readonly unknown[] {
  const models = isJsonObject(list) ? objectsOf(list['data']) : undefined;
  return (models ?? []).map((model) => model['owned_by']);
}

function hasVersion(answer: JsonValue): boolean {
  const version = isJsonObject(answer) ? answer['version'] : undefined;
  return typeof version === 'string' && /^v?\d+\.\d+/.test(version);
}

/** A list of nothing but objects; it may be empty. */
function objectsOf(list: JsonValue | undefined): readonly JsonObject[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const objects = (list as readonly JsonValue[]).filter(isJsonObject);
  return objects.length === list.length ? objects : undefined;
}
