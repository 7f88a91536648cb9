import type { AgentEvent, Envelope } from '../../core/protocol/events';
import type { AgentId } from '../../core/protocol/ids';

export interface SessionEvent {
  readonly sessionId: AgentId;
  readonly envelope: Envelope;
}

/** Events after which the session list, the status bar, the shown model or the badge look different. */
export const frameEvents: ReadonlySet<AgentEvent['type']> = new Set([
  'state_changed',
  'permission_required',
  'permission_decided',
  'user_message',
  'model_changed',
  'token_usage',
  'done',
]);
