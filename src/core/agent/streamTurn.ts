import type { Envelope } from '../protocol/events';
import type { ContentBlock } from '../protocol/messages';
import type { AgentCore } from './agentCore';
import type { SubscribeOptions } from './eventHub';

/** Gives the agent a message and streams the progress of its turn alone; ends with its `done`, or when it is dropped. */
export async function* streamTurn(
  core: Pick<AgentCore, 'accept' | 'hub'>,
  input: string | readonly ContentBlock[],
  opts: SubscribeOptions,
): AsyncGenerator<Envelope, void, undefined> {
  const { message, result } = await core.accept(input);
  const subscription = core.hub.subscribe(['progress'], opts);
  // A turn that cannot be stored has no `done` to wait for.
  result.promise.catch((error: unknown) => subscription.end(error instanceof Error ? error : undefined));
  let own = false;
  for await (const envelope of subscription) {
    const { event } = envelope;
    if (event.type === 'message_dropped' && event.messageId === message.id) return;
    if (event.type === 'user_message') own = event.message.id === message.id;
    if (!own) continue;
    yield envelope;
    if (event.type === 'done') return;
  }
}
