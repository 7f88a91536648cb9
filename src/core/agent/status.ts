import type { AgentRuntimeState, Bookmark, BreakpointState, Envelope, ProgressEvent } from '../protocol/events';
import type { AgentId } from '../protocol/ids';
import type { Durability } from '../store/store';
import type { AgentCore } from './agentCore';

export interface AgentStatus {
  readonly agentId: AgentId;
  readonly state: AgentRuntimeState;
  readonly stepCount: number;
  readonly cursor: number;
  readonly breakpoint: BreakpointState;
  readonly lastBookmark?: Bookmark;
  /** What survives of all that is acknowledged: a power cut ('disk'), as much as the user's own store does ('store'), nothing ('memory'). */
  readonly durability: Durability;
}

/** A progress envelope on which both `ev.type` and `ev.event.type` work. */
export type FlatProgress = Envelope<ProgressEvent> & ProgressEvent;

/** The progress among these envelopes, in the flat form. */
export async function* flat(envelopes: AsyncIterable<Envelope>): AsyncIterable<FlatProgress> {
  for await (const { event, ...place } of envelopes)
    if (event.channel === 'progress') yield { ...place, event, ...event };
}

/** Where an agent stands. */
export function statusOf({
  state,
  hub,
  journal,
  log,
}: Pick<AgentCore, 'state' | 'hub' | 'journal' | 'log'>): AgentStatus {
  const { runtime, stepCount, breakpoint, info } = state;
  const { lastBookmark } = hub;
  const status = {
    ...{ agentId: info.agentId, state: runtime, stepCount, cursor: journal.seq, breakpoint },
    durability: log.durability ?? 'disk',
  } as const;
  return lastBookmark ? { ...status, lastBookmark } : status;
}
