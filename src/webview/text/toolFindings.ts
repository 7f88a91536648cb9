import type { ToolCallSnapshot } from '../../core/protocol/toolCalls';
import { isJsonObject, type JsonValue } from '../../core/util/json';

/** A problem that an edit brought. `line` counts from 1. */
export interface NewProblem {
  readonly path: string;
  readonly line: number;
  readonly severity: string;
  readonly message: string;
}

/** What the system's sandbox refused while a command ran, one sentence each. */
export function refusals(call: ToolCallSnapshot): readonly string[] {
  return listOf(call, 'refused_by_sandbox').filter((entry) => typeof entry === 'string');
}

/** What the editor found in files after an edit that it had not found before. */
export function newProblems(call: ToolCallSnapshot): readonly NewProblem[] {
  return listOf(call, 'new_problems').flatMap((entry) => {
    if (!isJsonObject(entry)) return [];
    const { path, line, severity, message } = entry;
    if (typeof path !== 'string' || typeof line !== 'number' || typeof message !== 'string') return [];
    return [{ path, line, message, severity: typeof severity === 'string' ? severity : '' }];
  });
}

function listOf(call: ToolCallSnapshot, name: string): readonly JsonValue[] {
  const data = call.result?.data;
  const list: JsonValue | undefined = isJsonObject(data) ? data[name] : undefined;
  return isJsonList(list) ? list : [];
}

function isJsonList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
