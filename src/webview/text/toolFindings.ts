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

/** Lines that came and went, where the user or a formatter made of an edit something else than what was proposed. */
export function landedCounts(call: ToolCallSnapshot): Counts | undefined {
  const files = listOf(call, 'landed').filter(isJsonObject);
  if (files.length === 0) return undefined;
  const sumOf = (name: string): number =>
    files.reduce((sum, { [name]: count }) => sum + (typeof count === 'number' ? count : 0), 0);
  return { additions: sumOf('additions'), deletions: sumOf('deletions') };
}

export interface Counts {
  readonly additions: number;
  readonly deletions: number;
}

function listOf(call: ToolCallSnapshot, name: string): readonly JsonValue[] {
  const data = call.result?.data;
  const list: JsonValue | undefined = isJsonObject(data) ? data[name] : undefined;
  return isJsonList(list) ? list : [];
}

function isJsonList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
