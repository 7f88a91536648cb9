import { AgentError, ToolError } from '../errors';
import type { ToolErrorType, ToolResultContent } from '../protocol/messages';
import type { Tool, ToolOutcome } from '../tools/tool';
import { errorText } from '../util/errorText';

export function failure(
  errorType: ToolErrorType,
  error: string,
  more: { readonly retryable?: boolean; readonly note?: string; readonly recommendations?: readonly string[] } = {},
): ToolResultContent {
  return {
    ok: false,
    error,
    errorType,
    retryable: more.retryable ?? false,
    ...(more.note !== undefined && { note: more.note }),
    ...(more.recommendations && { recommendations: more.recommendations }),
  };
}

export function contentOf(outcome: ToolOutcome): ToolResultContent {
  const { data, note } = outcome;
  if (outcome.ok !== false) return { ok: true, data, ...(note !== undefined && { note }) };
  return { ok: false, error: note ?? 'It did not succeed.', errorType: 'logical', retryable: false, data };
}

/** What a thrown failure tells the model: its message and what to do next, never a stack. */
export function failureOf(error: unknown): ToolResultContent {
  if (!(error instanceof AgentError)) return failure('exception', errorText(error));
  const recommendations = error.advice === '' ? {} : { recommendations: [error.advice] };
  const errorType = error instanceof ToolError && error.code === 'invalid_arguments' ? 'validation' : 'runtime';
  return failure(errorType, error.message, { retryable: error.retryable, ...recommendations });
}

export function denial(reason: string, note: string | undefined): ToolResultContent {
  const said = note === undefined || note === '' ? {} : { note };
  return failure('denied', reason, {
    ...said,
    recommendations: ['Do not try the same again. Consider what the user said, or ask what they want instead.'],
  });
}

export function stopped(): ToolResultContent {
  return failure('aborted', 'The user stopped the turn before this was finished.', {
    recommendations: ['It may have had part of its effect. Look before you do it again.'],
  });
}

export function timedOut(tool: Tool, toolTimeoutMs: number): ToolResultContent {
  const limitMs = typeof tool.timeout === 'number' ? tool.timeout : toolTimeoutMs;
  return failure('runtime', `${tool.name} was ended: it took longer than ${limitMs / 1000} s.`, {
    recommendations: ['It may have had part of its effect. Look before you do it again, and ask for less at once.'],
  });
}

export function unknownTool(name: string, tools: ReadonlyMap<string, Tool>): ToolResultContent {
  return failure('validation', `There is no tool named ${JSON.stringify(name)}.`, {
    recommendations: [`Use one of: ${[...tools.keys()].join(', ')}.`],
  });
}

/** An answer that the model's output limit cut off: none of its calls can be trusted to be whole. */
export function cutOff(): ToolResultContent {
  return failure('validation', 'This call was not run: your answer was cut off at the output limit.', {
    retryable: true,
    recommendations: ['Call the tool again, with shorter arguments or in several smaller calls.'],
  });
}
