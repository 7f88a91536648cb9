import type { Hooks } from '../hooks/hooks';
import type { JsonObject } from '../util/json';
import { defineTool } from './defineTool';
import type { OutputOf, StandardSchema } from './standardSchema';
import type { RunContext, Tool } from './tool';

/** What `tool` needs to know beside the function. */
export interface ToolMetadata {
  /** It has no effect: it runs unasked in every mode, and beside others. Default false. */
  readonly readonly?: boolean;
  /** Milliseconds that a run may take. Default: the agent's toolTimeoutMs. */
  readonly timeout?: number;
  /** For whoever lists tools. */
  readonly version?: string;
  readonly tags?: readonly string[];
}

interface FunctionTool<Args> {
  readonly name: string;
  /** What the model reads of it. Default: its name. */
  readonly description?: string;
  /** Returns what the model reads, of which its JSON counts. What it throws is an answer for the model, too. */
  execute(args: Args, ctx: RunContext): unknown;
  readonly metadata?: ToolMetadata;
  readonly hooks?: Pick<Hooks, 'preToolUse' | 'postToolUse'>;
}

/** What `tool` makes a tool of, with arguments typed by a schema. */
export type ToolOptions<Schema extends StandardSchema> = FunctionTool<OutputOf<Schema>> & {
  /** An object schema of Zod 4.2 or later, or of another library that says itself as JSON Schema. */
  readonly parameters: Schema;
};
/** What `tool` makes a tool of that takes whatever object the model gives. */
export type UntypedToolOptions = FunctionTool<JsonObject> & { readonly parameters?: undefined };

/**
 * Makes a tool of a function in the shortest way; without `parameters` it takes whatever object the model gives.
 * @throws ConfigError 'invalid_value' for parameters that cannot be said as JSON Schema.
 */
export function tool(name: string, fn: (args: JsonObject, ctx: RunContext) => unknown): Tool;
export function tool<Schema extends StandardSchema>(options: ToolOptions<Schema>): Tool;
export function tool(options: UntypedToolOptions): Tool;
export function tool(
  given: string | ToolOptions<StandardSchema> | UntypedToolOptions,
  fn?: (args: JsonObject, ctx: RunContext) => unknown,
): Tool {
  if (typeof given === 'string') return tool({ name: given, execute: (args, ctx) => fn?.(args, ctx) });
  const { name, description = name, metadata = {}, hooks } = given;
  const { readonly = false, timeout, ...notes } = metadata;
  const common = {
    ...{ name, description, attributes: { readonly } },
    ...(timeout !== undefined && { timeout }),
    ...(hooks && { hooks }),
    ...(Object.keys(notes).length > 0 && { metadata: notes }),
  };
  if (!given.parameters)
    return defineTool({ ...common, input_schema: anyObject, exec: (args, ctx) => given.execute(args, ctx) });
  return defineTool({ ...common, zod: given.parameters, exec: (args, ctx) => given.execute(args, ctx) });
}

const anyObject: JsonObject = { type: 'object', properties: {}, additionalProperties: true };
