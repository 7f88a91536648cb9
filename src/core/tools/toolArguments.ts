import { ToolError } from '../errors';
import { isJsonObject, type JsonObject, type JsonValue } from '../util/json';
import type { Tool } from './tool';
import type { SchemaProblem } from './validateSchema';

/**
 * What a model gave as arguments, checked against the tool's schema. Defaults of top-level arguments are filled in; a null for
 * an optional argument counts as not given (some models always send every argument).
 * @throws ToolError 'invalid_arguments' with the argument, its value and what is expected.
 */
export async function checkArguments(tool: Pick<Tool, 'name' | 'inputSchema'>, input: JsonValue): Promise<JsonObject> {
  if (!isJsonObject(input)) throw invalid(tool, [`The arguments must be a JSON object, but are ${quote(input)}.`]);
  const args = completed(tool.inputSchema, input);
  // A bundle of its own: no answer asks for a tool before the model was heard.
  const { validateSchema } = await import('./validateSchema');
  const problems = validateSchema(tool.inputSchema, args);
  if (problems) throw invalid(tool, problemsOf(problems, args));
  return args;
}

const maxProblems = 3;

function invalid(tool: Pick<Tool, 'name' | 'inputSchema'>, problems: readonly string[]): ToolError {
  return new ToolError('invalid_arguments', `${tool.name} was not run. ${problems.slice(0, maxProblems).join(' ')}`, {
    advice: `Call it again with valid arguments: ${signatureOf(tool.inputSchema)}.`,
    retryable: true,
  });
}

function completed(schema: JsonObject, input: JsonObject): JsonObject {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const given = Object.entries(input).filter(
    ([name, value]) => value !== undefined && (value !== null || required.has(name) || takesNull(properties[name])),
  );
  const names = new Set(given.map(([name]) => name));
  const defaults = Object.entries(properties).flatMap(([name, property]) =>
    !names.has(name) && isJsonObject(property) && property['default'] !== undefined
      ? [[name, property['default']] as const]
      : [],
  );
  return Object.fromEntries([...given, ...defaults]);
}

/** A schema without a type may take null; only a plain type is known not to. */
function takesNull(schema: JsonValue | undefined): boolean {
  if (!isJsonObject(schema)) return true;
  const type = schema['type'];
  return type === undefined || type === 'null' || (Array.isArray(type) && type.includes('null'));
}

/** The innermost failures: those around them only repeat that something inside is wrong. */
function problemsOf(errors: readonly SchemaProblem[], args: JsonObject): readonly string[] {
  const problems = errors.flatMap((error) => describe(error, args) ?? []);
  return problems.length > 0 ? [...new Set(problems)] : ['The arguments do not fit the schema.'];
}

function describe({ keyword, error, instanceLocation }: SchemaProblem, args: JsonObject): string | undefined {
  const steps = stepsOf(instanceLocation);
  const value = valueAt(args, steps);
  const name = steps.length === 0 ? 'The arguments' : `"${steps.join('.')}"`;
  switch (keyword) {
    case 'properties':
    case 'items':
    case 'prefixItems':
    case '$ref':
      return undefined;
    case 'required':
      return `${steps.length === 0 ? '' : `${name}: `}${/"(.*)"/.exec(error)?.[0] ?? 'An argument'} is missing.`;
    case 'additionalProperties':
      return undefined;
    case 'false':
      return `There is no argument ${name}.`;
    case 'type':
      return `${name} must be ${typeNames(error)}, but is ${quote(value)}.`;
    default:
      return `${name} is ${quote(value)}: ${error}`;
  }
}

/** From `Instance type "number" is invalid. Expected "string", "null".` */
function typeNames(error: string): string {
  return (/Expected (.*)\.$/.exec(error)?.[1] ?? 'another type').replaceAll('", "', '" or "').replaceAll('"', '');
}

function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(value: JsonValue | undefined, steps: readonly string[]): JsonValue | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (Array.isArray(value)) return valueAt(arrayItem(value, Number(step)), rest);
  return isJsonObject(value) ? valueAt(value[step], rest) : undefined;
}

function arrayItem(items: readonly JsonValue[], index: number): JsonValue | undefined {
  return items[index];
}

const maxQuotedCharacters = 100;

function quote(value: JsonValue | undefined): string {
  const json = value === undefined ? 'nothing' : JSON.stringify(value);
  return json.length > maxQuotedCharacters ? `${json.slice(0, maxQuotedCharacters)}…` : json;
}

/** `{path: string, limit?: integer}` */
function signatureOf(schema: JsonObject): string {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const properties = isJsonObject(schema['properties']) ? Object.entries(schema['properties']) : [];
  const fields = properties.map(([name, property]) => {
    const type = isJsonObject(property) && typeof property['type'] === 'string' ? property['type'] : 'any';
    return `${name}${required.includes(name) ? '' : '?'}: ${type}`;
  });
  return `{${fields.join(', ')}}`;
}
