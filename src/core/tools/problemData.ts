import type { Problem } from '../sandbox/sourcePlaces';
import { isJsonObject, type JsonObject, type JsonValue } from '../util/json';

const maxNewProblems = 20;
const maxMessageCharacters = 1_000;

/** A problem as the model reads it. */
export function problemData({ path, line, column, severity, message, source, code }: Problem): JsonObject {
  const text = message.length > maxMessageCharacters ? `${message.slice(0, maxMessageCharacters)}…` : message;
  return {
    ...{ path, line, column, severity, message: text },
    ...(source !== undefined && { source }),
    ...(code !== undefined && { code }),
  };
}

/** The data of an edit, with the problems that it brought. None is said too; where nothing has looked, nothing is said. */
export function withNewProblems(data: JsonValue, added: readonly Problem[] | undefined): JsonValue {
  if (!added || !isJsonObject(data)) return data;
  const more = added.length - maxNewProblems;
  return {
    ...data,
    new_problems: added.slice(0, maxNewProblems).map(problemData),
    ...(more > 0 && { more_new_problems: more }),
  };
}
