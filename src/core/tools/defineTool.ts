import { isJsonObject, type JsonObject, type JsonValue } from '../util/json';
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
  | { readonly params?: ToolParameters; readonly input_schema?: undefined }
  | { readonly params?: undefined; readonly input_schema: JsonObject };

/** What `defineTool` makes a tool of. */
export type ToolDefinition = ToolInput & {
  readonly name: string;
  readonly description: string;
  /** readonly or noEffect: it runs unasked in every mode. Otherwise the permission mode decides. */
  readonly attributes?: { readonly readonly?: boolean; readonly noEffect?: boolean };
  readonly prompt?: string;
  readonly timeout?: Tool['timeout'];
  readonly available?: Tool['available'];
  /**
   * Returns what the model reads: plain data, or `{ok: true, data, note?}`, or `{ok: false, error}` for a failure it should
   * know of. @throws ToolError with advice, as an alternative.
   */
  exec(args: JsonObject, ctx: RunContext): Promise<JsonValue | undefined> | JsonValue | undefined;
};

/** Makes a tool of a function. Arguments are checked against the schema before `exec` sees them. */
export function defineTool(definition: ToolDefinition): Tool {
  const { name, description, attributes, prompt, timeout, available } = definition;
  const effect = attributes?.readonly === true || attributes?.noEffect === true ? 'none' : 'other';
  return {
    name,
    description,
    inputSchema: definition.input_schema ?? objectSchema(definition.params ?? {}),
    ...(prompt !== undefined && { prompt }),
    ...(timeout !== undefined && { timeout }),
    ...(available && { available }),
    plan: (args) =>
      Promise.resolve({
        effect,
        subject: { kind: 'tool', name, input: JSON.stringify(args, undefined, 2), reason: '' },
        run: async (ctx) => outcomeOf(await definition.exec(args, ctx)),
      }),
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

function outcomeOf(returned: JsonValue | undefined): ToolOutcome {
  if (!isJsonObject(returned)) return { data: returned ?? null };
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
