import { Validator, type OutputUnit } from '@cfworker/json-schema';
import type { JsonObject } from '../util/json';

export type SchemaProblem = Pick<OutputUnit, 'keyword' | 'error' | 'instanceLocation'>;

/** What in `value` does not fit the JSON Schema (draft 2020-12); undefined: it fits. */
export function validateSchema(schema: JsonObject, value: JsonObject): readonly SchemaProblem[] | undefined {
  const { valid, errors } = new Validator(schema, '2020-12', false).validate(value);
  return valid ? undefined : errors;
}
