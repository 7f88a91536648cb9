import type { ModelResponse } from '../hooks/hooks';
import type { Message } from '../protocol/messages';
import { isAborted } from '../util/abort';
import type { Answer } from './answer';
import { infoOf } from './failureInfo';
import type { TurnEnd, TurnPorts } from './turnPorts';

/** The messages for a request, as the hooks want them. A hook that fails ends the turn: nothing is sent. */
export async function requestedMessages(
  { hooks, state }: Pick<TurnPorts, 'hooks' | 'state'>,
  step: number,
  signal: AbortSignal,
): Promise<
  { readonly kind: 'messages'; readonly messages: readonly Message[] } | { readonly kind: 'end'; readonly end: TurnEnd }
> {
  const messages = state.conversation.forRequest;
  if (!hooks) return { kind: 'messages', messages };
  try {
    return { kind: 'messages', messages: await hooks.beforeModel(messages, state.info.agentId, signal) };
  } catch (error) {
    if (isAborted(signal)) return { kind: 'end', end: { reason: 'interrupted', step } };
    return { kind: 'end', end: { reason: 'failed', step, error: infoOf(error) } };
  }
}

/** An answer as hooks see it. */
export function responseOf({ blocks, finish, usage }: Answer): ModelResponse {
  return { content: blocks, ...(finish && { finish }), ...(usage && { usage }) };
}
