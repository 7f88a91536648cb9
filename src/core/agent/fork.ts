import { AgentError, ConfigError } from '../errors';
import type { Bookmark } from '../protocol/events';
import { newAgentId, type MessageId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import { copySession } from '../store/copySession';
import type { SessionReader, Snapshot } from '../store/store';
import type { AgentCore } from './agentCore';
import { checkDependencies, type AgentConfig, type AgentDependencies } from './config';
import { resumeCore } from './openAgent';

/** A snapshot's or a user message's id, as it is or as `at`; nothing: where the conversation stands. */
export type ForkPoint = string | { readonly at?: string };

/** The agent works: what it does cannot be taken apart meanwhile. */
export class AgentBusyError extends AgentError<'busy'> {
  override readonly name = 'AgentBusyError';
  override readonly family = 'config';
}

/** Where a conversation can be cut: so many messages, and the last event that belongs to them. */
interface Cut {
  readonly messageCount: number;
  readonly seq: number;
}

/** Keeps the place where the conversation stands; while a turn runs, the place before it. */
export async function takeSnapshot(core: AgentCore, label: string | undefined): Promise<string> {
  const cut = await safeCut(core);
  const taken = new Set((await core.log.readSnapshots()).map(({ id }) => id));
  const wanted = label === undefined || label.trim() === '' ? `sfp-${cut.messageCount}` : label;
  let id = wanted;
  for (let count = 2; taken.has(id); count++) id = `${wanted}-${count}`;
  const lastMessageId = await messageIdAt(core.log, cut.messageCount - 1);
  const snapshot: Snapshot = {
    ...{ id, ...cut, createdAt: core.now() },
    ...(label !== undefined && { label }),
    ...(lastMessageId && { lastMessageId }),
  };
  await core.record({ events: [], snapshots: [snapshot] });
  return id;
}

/**
 * A new agent with everything up to there, and a history of its own from there on. @returns its core.
 * @throws ConfigError 'invalid_value' for a place that is not there.
 */
export async function forkCore(
  core: AgentCore,
  point: ForkPoint | undefined,
  dependencies: AgentDependencies,
  config: Partial<AgentConfig>,
): Promise<AgentCore> {
  const deps = checkDependencies(dependencies);
  const cut = await cutAt(core, typeof point === 'object' ? point.at : point);
  const { info } = core.state;
  const agentId = newAgentId();
  const log = await deps.store.open(agentId, 'create');
  try {
    const { pinned: _pinned, askedBelow: _asked, ...inherited } = info;
    const lineage = [...(info.lineage ?? []), info.agentId];
    await log.commit({ envelopes: [], info: { ...inherited, agentId, createdAt: core.now(), lineage } });
    await copySession(core.log, log, cut);
    await log.barrier();
    await log.close();
    const forked = await resumeCore(agentId, { ...config, model: core.model }, deps);
    forked.permission = core.permission;
    await forked.record({ events: [{ channel: 'monitor', type: 'forked', from: info.agentId, seq: cut.seq }] });
    return forked;
  } catch (error) {
    await log.close();
    await deps.store.delete(agentId);
    throw error;
  }
}

async function cutAt(core: AgentCore, id: string | undefined): Promise<Cut> {
  if (id === undefined) return safeCut(core);
  const snapshot = (await core.log.readSnapshots()).find((one) => one.id === id);
  if (snapshot) return cutOf(snapshot, core.log);
  const messages = await core.log.readMessages();
  const messageCount = placeOf(messages, id);
  return { messageCount, seq: await seqBefore(core.log, id) };
}

/** @throws ConfigError when the conversation has gone back to before the snapshot since. */
async function cutOf(snapshot: Snapshot, reader: SessionReader): Promise<Cut> {
  const { messageCount, seq, lastMessageId } = snapshot;
  if ((await messageIdAt(reader, messageCount - 1)) === lastMessageId) return { messageCount, seq };
  throw new ConfigError(
    'invalid_value',
    `The conversation has gone back to before the snapshot ${JSON.stringify(snapshot.id)}.`,
    {
      advice: 'Choose a later snapshot or a message.',
    },
  );
}

async function messageIdAt(reader: SessionReader, place: number): Promise<MessageId | undefined> {
  return place < 0 ? undefined : (await reader.readMessages({ from: place, to: place + 1 }))[0]?.id;
}

/** The whole conversation while the agent rests, else what was before the turn that runs. */
async function safeCut(core: AgentCore): Promise<Cut> {
  await core.journal.settled();
  const running = core.turns.current?.message.id;
  if (running === undefined) return { messageCount: core.state.conversation.count, seq: core.journal.seq };
  return { messageCount: placeOf(await core.log.readMessages(), running), seq: await seqBefore(core.log, running) };
}

/** Where a message of the user stands. @throws ConfigError 'invalid_value'. */
export function placeOf(messages: readonly Message[], id: string): number {
  const place = messages.findIndex((message) => message.id === id);
  const message = messages[place];
  if (message?.role === 'user' && message.metadata?.['kind'] === undefined) return place;
  throw new ConfigError('invalid_value', `The conversation has no message of the user ${JSON.stringify(id)}.`, {
    advice: 'Give the id of a snapshot, or of a message that was sent; it may have been taken back.',
  });
}

/** The last event before this message's turn. */
export async function seqBefore(reader: SessionReader, messageId: string): Promise<number> {
  let before: Bookmark['seq'] = 0;
  for await (const { event, bookmark } of reader.readEvents()) {
    if (event.type === 'user_message' && event.message.id === messageId) return before;
    before = bookmark.seq;
  }
  return before;
}
