import { isJsonObject, type JsonObject, type JsonValue } from '../util/json';
import { plainJson } from '../util/plainJson';
import { jsonSchemaOf, parsedArguments, type OutputOf, type StandardSchema } from './standardSchema';
import type { RunContext, Tool, ToolOutcome } from './tool';

/** One argument in short form; `required` unless said otherwise or a default is given. */
export interface ToolParameter {
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';
  readonly description?: string;
  readonly required?: boolean;
  readonly default?: JsonValue;
  readonly enum?: readonly JsonValue[];
  readonly items?: ToolParameter;
  readonly properties?: ToolParameters;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}
/** The arguments of a tool in short form, by name. */
export type ToolParameters = Readonly<Record<string, ToolParameter>>;

type ToolInput =
  | { readonly params?: ToolParameters; readonly input_schema?: undefined; readonly zod?: undefined }
  | { readonly params?: undefined; readonly input_schema: JsonObject; readonly zod?: undefined };

/** Arguments by a schema of Zod or of another library; `input_schema` where the schema does not say itself as JSON Schema. */
interface SchemaInput<Schema extends StandardSchema> {
  readonly params?: undefined;
  readonly zod: Schema;
  readonly input_schema?: JsonObject;
}

interface CommonDefinition<Args> {
  readonly name: string;
  readonly description: string;
  /** readonly or noEffect: it runs unasked in every mode. Otherwise the permission mode decides. */
  readonly attributes?: { readonly readonly?: boolean; readonly noEffect?: boolean };
  readonly prompt?: string;
  readonly timeout?: Tool['timeout'];
  readonly available?: Tool['available'];
  readonly hooks?: Tool['hooks'];
  readonly metadata?: JsonObject;
  /**
   * Returns what the model reads, of which its JSON counts: plain data, or `{ok: true, data, note?}`, or `{ok: false, error}` for a failure it should
   * know of. @throws ToolError with advice, as an alternative.
   */
  exec(args: Args, ctx: RunContext): unknown;
}

/** What `defineTool` makes a tool of: its arguments in short form (`params`) or as JSON Schema (`input_schema`). */
export type ToolDefinition = CommonDefinition<JsonObject> & ToolInput;
/** What `defineTool` makes a tool of whose arguments a schema checks and types: Zod's, or any other of the Standard Schema (standardschema.dev). */
export type SchemaToolDefinition<Schema extends StandardSchema> = CommonDefinition<OutputOf<Schema>> &
  SchemaInput<Schema>;

/**
 * Makes a tool of a function. Arguments are checked against the schema before anybody is asked and before `exec` sees them. A JSON
 * Schema reaches the model as it is. @throws ConfigError 'invalid_value' for a schema that cannot be said as JSON Schema.
 */
export function defineTool<Schema extends StandardSchema>(definition: SchemaToolDefinition<Schema>): Tool;
export function defineTool(definition: ToolDefinition): Tool;
export function defineTool(definition: ToolDefinition | SchemaToolDefinition<StandardSchema>): Tool {
  if (!definition.zod) return makeTool(definition, definition.input_schema, (args) => Promise.resolve(args));
  const { zod, name } = definition;
  return makeTool(definition, definition.input_schema ?? jsonSchemaOf(zod, name), (args) =>
    parsedArguments(zod, args, name),
  );
}

function makeTool<Args>(
  definition: CommonDefinition<Args> & { readonly params?: ToolParameters | undefined },
  inputSchema: JsonObject | undefined,
  parse: (args: JsonObject) => Promise<Args>,
): Tool {
  const { name, description, attributes, prompt, timeout, available, hooks, metadata } = definition;
  const effect = attributes?.readonly === true || attributes?.noEffect === true ? 'none' : 'other';
  return {
    name,
    description,
    inputSchema: inputSchema ?? objectSchema(definition.params ?? {}),
    ...(prompt !== undefined && { prompt }),
    ...(timeout !== undefined && { timeout }),
    ...(available && { available }),
    ...(hooks && { hooks }),
    ...(metadata && { metadata }),
    plan: async (args) => {
      const parsed = await parse(args);
      return {
        effect,
        subject: { kind: 'tool', name, input: JSON.stringify(args, undefined, 2), reason: '' },
        run: async (ctx) => outcomeOf(plainJson(await definition.exec(parsed, ctx))),
      };
    },
  };
}

/** The JSON Schema of an object with these properties and no others. */
export function objectSchema(params: ToolParameters): JsonObject {
  const entries = Object.entries(params);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, parameter]) => [name, schemaOf(parameter)])),
    required: entries.flatMap(([name, { required, default: otherwise }]) =>
      (required ?? otherwise === undefined) ? [name] : [],
    ),
    additionalProperties: false,
  };
}

function schemaOf({ required: _required, items, properties, ...plain }: ToolParameter): JsonObject {
  return {
    ...(properties ? objectSchema(properties) : {}),
    ...plain,
    ...(items && { items: schemaOf(items) }),
  };
}

function outcomeOf(returned: JsonValue): ToolOutcome {
  if (!isJsonObject(returned)) return { data: returned };
  const { ok, data, error, note } = returned;
  if (ok === false)
    return {
      ok: false,
      data: data ?? null,
      note: typeof error === 'string' ? error : JSON.stringify(error ?? returned),
    };
  if (ok !== true || data === undefined) return { data: returned };
  return { data, ...(typeof note === 'string' && { note }) };
}
