import * as z from 'zod/mini';
import { isAgentId, type AgentId } from '../../core/protocol/ids';
import type { Unconfirmed } from './outbox';
import type { KeptComments } from './planComments';

/** What the webview itself keeps over hide and reload; everything else comes back from a snapshot. */
export interface KeptState {
  readonly draft: string;
  /** What was sent and may not have arrived, of all sessions. */
  readonly unconfirmed: readonly Unconfirmed[];
  /** What was said to plans that wait, and not sent yet. */
  readonly comments: readonly KeptComments[];
}

const agentId = z.pipe(
  z.string().check(z.refine(isAgentId)),
  z.transform((text) => text as AgentId),
);
const unconfirmed = z.object({
  sendId: z.string(),
  text: z.string(),
  sessionId: z.exactOptional(agentId),
  messagesBefore: z.number(),
});
const comments = z.object({
  permissionId: z.string(),
  comments: z.array(z.object({ line: z.number(), quote: z.string(), text: z.string() })),
});
const keptState = z.object({
  draft: z.catch(z.string(), ''),
  unconfirmed: z.catch(z.array(unconfirmed), []),
  comments: z.catch(z.array(comments), []),
});

/** Takes what an older panel kept, as far as it can be understood. */
export function parseKeptState(raw: unknown): KeptState {
  const parsed = keptState.safeParse(raw);
  return parsed.success ? parsed.data : { draft: '', unconfirmed: [], comments: [] };
}
