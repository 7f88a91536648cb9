import { ToolError } from '../errors';
import { isJsonObject, type JsonObject } from '../util/json';

/** Readers for arguments that `checkArguments` has let through: they turn what the schema promises into types. */

export function textArgument(args: JsonObject, name: string): string {
  const value = optionalText(args, name);
  if (value === undefined) throw missing(args, name, 'a string');
  return value;
}

export function optionalText(args: JsonObject, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || typeof value === 'string') return value;
  throw missing(args, name, 'a string');
}

export function optionalNumber(args: JsonObject, name: string): number | undefined {
  const value = args[name];
  if (value === undefined || typeof value === 'number') return value;
  throw missing(args, name, 'a number');
}

export function flagArgument(args: JsonObject, name: string, otherwise = false): boolean {
  const value = args[name] ?? otherwise;
  if (typeof value === 'boolean') return value;
  throw missing(args, name, 'true or false');
}

/** None where it was not given. */
export function textsArgument(args: JsonObject, name: string): readonly string[] {
  const value = args[name] ?? [];
  if (!Array.isArray(value)) throw missing(args, name, 'an array of strings');
  const texts: string[] = [];
  for (const item of value) {
    if (typeof item !== 'string') throw missing(args, name, 'an array of strings');
    texts.push(item);
  }
  return texts;
}

export function objectsArgument(args: JsonObject, name: string): readonly JsonObject[] {
  const value = args[name];
  if (!Array.isArray(value)) throw missing(args, name, 'an array of objects');
  const objects: JsonObject[] = [];
  for (const item of value) {
    if (!isJsonObject(item)) throw missing(args, name, 'an array of objects');
    objects.push(item);
  }
  return objects;
}

function missing(args: JsonObject, name: string, expected: string): ToolError {
  return new ToolError('invalid_arguments', `"${name}" must be ${expected}, but is ${JSON.stringify(args[name])}.`, {
    advice: 'Call the tool again with valid arguments.',
    retryable: true,
  });
}
