import * as vscode from 'vscode';
import { modelError } from '../../core/model/errors';
import { assertNever } from '../../core/util/assertNever';
import { ModelError, type ModelErrorCode } from '../../core/model/provider';

/** What VS Code, or the extension behind one of its models, says of a failure, as ours. */
export function editorModelError(error: unknown, name: string): ModelError {
  if (error instanceof ModelError) return error;
  const words = wordsOf(error);
  const code = codeOf(error, words);
  return modelError(code, `${name} in VS Code failed: ${words}`, { advice: adviceFor(code), cause: error });
}

/** No model of that name is there (any more). */
export function editorModelNotFound(model: string): ModelError {
  return modelError('model_not_found', `VS Code has no model "${model}".`, {
    advice: 'Sign in to the extension that brings it, for example GitHub Copilot, or choose another model.',
  });
}

function codeOf(error: unknown, words: string): ModelErrorCode {
  switch (error instanceof vscode.LanguageModelError ? error.code : '') {
    case vscode.LanguageModelError.NoPermissions.name:
      return 'authentication';
    case vscode.LanguageModelError.NotFound.name:
      return 'model_not_found';
    case vscode.LanguageModelError.Blocked.name:
      return /filter|content|policy|topic/i.test(words) ? 'content_filter' : 'quota_exceeded';
    default:
      return codeByWords(words);
  }
}

/** The extensions behind the models give words alone. The first rule that fits counts. */
const rules: readonly (readonly [RegExp, ModelErrorCode])[] = [
  [
    /context.?length|too (long|large|many tokens)|token limit|exceeds? (the|this|its)? ?(model|maximum|context|limit)/i,
    'context_length',
  ],
  [/quota|premium request|billing|\b402\b/i, 'quota_exceeded'],
  [/rate.?limit|too many requests|\b429\b/i, 'rate_limit'],
  [/unauthori[sz]ed|forbidden|not signed in|\b40[13]\b/i, 'authentication'],
  [/content.?filter|filtered|responsible ai/i, 'content_filter'],
  [/net::|ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|fetch failed|network/i, 'network'],
  [/\b4\d\d\b|invalid|unsupported/i, 'invalid_request'],
];

function codeByWords(words: string): ModelErrorCode {
  return rules.find(([pattern]) => pattern.test(words))?.[1] ?? 'service_unavailable';
}

function adviceFor(code: ModelErrorCode): string {
  switch (code) {
    case 'authentication':
      return 'Allow Countersign to use the model when VS Code asks (Accounts, "Manage Language Model Access"), and sign in to the extension that brings it.';
    case 'quota_exceeded':
      return 'The plan behind this model is used up for now. Wait, or choose another model.';
    case 'content_filter':
      return 'Say it in other words, or choose another model.';
    case 'context_length':
      return 'Compact the conversation, start a new session, or choose a model with a larger window.';
    case 'model_not_found':
      return 'Choose another model.';
    case 'rate_limit':
      return 'Wait a moment and send the message again, or choose another model.';
    case 'invalid_request':
    case 'invalid_response':
    case 'network':
    case 'service_unavailable':
    case 'stream_cut':
    case 'timeout':
      return 'Try again. The log of the extension that brings this model may say more.';
    default:
      return assertNever(code);
  }
}

/** The innermost words: of an unspecified error VS Code keeps the real one as the cause. */
function wordsOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (!(error instanceof Error)) return 'no reason was given';
  const inner = error.cause instanceof Error ? error.cause.message : '';
  const words = inner === '' || error.message.includes(inner) ? error.message : `${error.message}: ${inner}`;
  return words.replace(/\s+/g, ' ').trim().slice(0, 300) || error.name;
}
