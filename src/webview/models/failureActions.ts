import type { PanelCommand } from '../../core/protocol/ops';

/** What helps against a failure. 'again' sends a message; 'key' and 'models' open the model picker. */
export type FailureAction = 'again' | 'key' | 'models' | 'compact' | PanelCommand;

/** By a failure's code; the first is the likely one. */
const byCode: ReadonlyMap<string, readonly FailureAction[]> = new Map<string, readonly FailureAction[]>([
  ['authentication', ['key', 'models']],
  ['quota_exceeded', ['models', 'key']],
  ['no_model', ['models']],
  ['model_not_found', ['models']],
  ['network', ['again', 'models']],
  ['timeout', ['again', 'models']],
  ['service_unavailable', ['again', 'models']],
  ['rate_limit', ['again', 'models']],
  ['stream_cut', ['again', 'models']],
  ['content_filter', ['models']],
  ['context_length', ['compact', 'countersign.newSession', 'models']],
  ['invalid_response', ['again', 'countersign.openSettings', 'models']],
  ['invalid_request', ['models', 'countersign.openSettings']],
  ['budget', ['countersign.setBudget']],
  ['price_unknown', ['models', 'countersign.openSettings']],
]);

export function failureActions(code: string): readonly FailureAction[] {
  return byCode.get(code) ?? ['countersign.showLog'];
}

/** What "Try again" sends: the conversation holds the question already, so it is not asked twice. */
export const goOn = 'Go on.';
