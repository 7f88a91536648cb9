import { ConfigError, ToolError } from '../errors';
import { isJsonObject, type JsonObject } from '../util/json';
import { plainJson } from '../util/plainJson';
import { errorText } from '../util/errorText';

/**
 * A schema of any library that follows Standard Schema (https://standardschema.dev): of Zod from 4.2 on with all that is needed,
 * since it says itself as JSON Schema too.
 */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaVerdict<Output> | Promise<SchemaVerdict<Output>>;
    /** Only there for the compiler. */
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
    readonly jsonSchema?: { readonly input: (options: { readonly target: 'draft-2020-12' }) => unknown };
  };
}

/** What a value is once the schema has checked it. */
export type OutputOf<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>['output'];

type SchemaVerdict<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] };

interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The arguments as the model is told of them. @throws ConfigError 'invalid_value' where they cannot be said as JSON Schema. */
export function jsonSchemaOf(schema: StandardSchema, toolName: string): JsonObject {
  const { jsonSchema, vendor } = schema['~standard'];
  if (!jsonSchema) throw unsaid(toolName, `a schema of ${vendor} that does not say itself as JSON Schema`);
  const { $schema: _version, ...said } = asObject(inputOf(jsonSchema, toolName));
  if (said['type'] !== 'object') throw unsaid(toolName, 'no object as its arguments');
  return said;
}

function inputOf(jsonSchema: NonNullable<StandardSchema['~standard']['jsonSchema']>, toolName: string): unknown {
  try {
    return jsonSchema.input({ target: 'draft-2020-12' });
  } catch (error) {
    throw unsaid(toolName, `arguments without a JSON Schema (${errorText(error)})`);
  }
}

function asObject(value: unknown): JsonObject {
  const plain = plainJson(value);
  return isJsonObject(plain) ? plain : {};
}

function unsaid(toolName: string, what: string): ConfigError {
  return new ConfigError('invalid_value', `The tool ${JSON.stringify(toolName)} has ${what}.`, {
    advice: 'Use an object schema of Zod 4.2 or later, or give `input_schema`, the JSON Schema, along with it.',
  });
}

/** The arguments as the schema gives them on: with defaults, transformed. @throws ToolError 'invalid_arguments', naming each one that does not fit. */
export async function parsedArguments<Output>(
  schema: StandardSchema<Output>,
  args: JsonObject,
  toolName: string,
): Promise<Output> {
  const verdict = await schema['~standard'].validate(args);
  if (!verdict.issues) return verdict.value;
  const problems = verdict.issues.slice(0, maxProblems).map(({ message, path }) => {
    const steps = (path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
    return steps === '' ? message : `"${steps}": ${message}`;
  });
  throw new ToolError('invalid_arguments', `${toolName} was not run. ${problems.join(' ')}`, {
    advice: 'Call it again with valid arguments.',
    retryable: true,
  });
}

const maxProblems = 3;
