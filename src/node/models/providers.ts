import { ConfigError } from '../../core/errors';
import { modelError } from '../../core/model/errors';
import type { ModelProvider } from '../../core/model/provider';
import { aiSdkProvider } from './aiSdk';
import {
  checkedBaseUrl,
  checkedHeaders,
  checkedKey,
  type ModelConnection,
  type ResolvedConnection,
} from './connection';
import { modelVendor, type ModelVendor } from './modelVendors';

/**
 * Loads the vendor's code and makes the model; no request is sent yet.
 * @throws ConfigError 'invalid_value' for a vendor or an endpoint that cannot be; ModelError 'authentication' where the vendor needs a key and there is none.
 */
export async function openModel(connection: ModelConnection): Promise<ModelProvider> {
  const vendor = modelVendor(connection.vendor);
  const resolved = resolve(connection, vendor);
  return aiSdkProvider(await vendor.load(resolved), resolved);
}

function resolve(connection: ModelConnection, vendor: ModelVendor): ResolvedConnection {
  const baseUrl = addressOf(connection, vendor);
  const model = connection.model.trim();
  if (model === '')
    throw new ConfigError('invalid_value', `No model of ${vendor.label} is chosen.`, {
      advice:
        'Give its name, for example COUNTERSIGN_MODEL=vendor:model. In VS Code it is chosen with the command "Countersign: Choose Model".',
    });
  checkedHeaders(connection.headers);
  const { apiKey: key, ...rest } = connection;
  const apiKey = checkedKey(key, vendor.label);
  if (vendor.needsKey && apiKey === '')
    throw modelError('authentication', `${vendor.label} needs a key and there is none.`, {
      advice: `Set ${[...vendor.envKeys, '`apiKey`'].join(' or ')}, or in VS Code the command "Countersign: Set API Key"${vendor.keyUrl === undefined ? '' : `; keys are made at ${vendor.keyUrl}`}.`,
    });
  return { ...rest, model, baseUrl, label: vendor.label, kind: vendor.kind, ...(apiKey !== '' && { apiKey }) };
}

/**
 * Where the requests go: the user's address or the vendor's own, with the version behind it where only a host was given.
 * @throws ConfigError 'invalid_value' for an address that cannot be, or where there is none.
 */
export function addressOf(connection: Pick<ModelConnection, 'baseUrl'>, vendor: ModelVendor): string {
  const address = connection.baseUrl ?? vendor.defaultBaseUrl;
  if (address === undefined)
    throw new ConfigError('invalid_value', `${vendor.label} has no address yet.`, {
      advice: `Set \`countersign.endpoints\` (or COUNTERSIGN_BASE_URL) to it, for example https://${vendor.id === 'azure' ? 'my-resource.openai.azure.com' : 'models.example.com/v1'}.`,
    });
  const baseUrl = checkedBaseUrl(address);
  return vendor.path !== undefined && new URL(baseUrl).pathname === '/' ? `${baseUrl}${vendor.path}` : baseUrl;
}
