import type { AgentCore } from '../agent/agentCore';
import { withoutSituation } from '../agent/state';
import { withTold } from '../agent/told';
import { validCompaction } from '../context/compaction';
import type { AgentEvent } from '../protocol/events';
import type { Message } from '../protocol/messages';
import type { SessionRecord } from '../store/store';
import { resting, stepOf } from './restoreFiles';
import { restoreRecord, type RestoreRecord } from './restoreRecord';
import { rewoundRecord } from './rewoundMessages';

/** What a restore, or the undoing of one, has done. */
export interface RestoreResult {
  /** Files that are as they were; what was missing is not among them. */
  readonly files: number;
  readonly conversation: boolean;
}

interface Done {
  readonly result: RestoreResult;
  /** What is to be stored with its end. */
  readonly records: readonly SessionRecord[];
}

/** Only files went back. @param told what the model reads of it: in its conversation they, `displays`, are still as it left them */
export async function endOfFiles(
  { state, journal, files: known }: AgentCore,
  restore: RestoreRecord,
  { result, records }: Done,
  told: string | undefined,
  displays: readonly string[],
): Promise<void> {
  await journal.record({
    records: [...records, restoreRecord(restore)],
    ...(told !== undefined && { late: () => ({ info: withTold(state.info, told) }) }),
    events: [ended(restore, result), resting],
  });
  if (told !== undefined) known.heardOf(displays);
}

/** The conversation goes back to its first `place` messages with it; what came after stays in the store. */
export async function endWithRewind(
  { log, state, journal, files: known }: AgentCore,
  restore: RestoreRecord,
  place: number,
  { result, records }: Done,
): Promise<void> {
  const { messageId } = restore;
  const removed = await log.readMessages({ from: place });
  const compaction = await validCompaction(log, place);
  await journal.record({
    keepMessages: place,
    records: [...records, restoreRecord(restore), rewoundRecord(restore, removed)],
    late: () => ({ info: withoutSituation(state.info) }),
    events: [{ channel: 'progress', type: 'rewound', messageId, messageCount: place }, ended(restore, result), resting],
  });
  state.conversation.compacted(compaction);
  known.clear();
}

/** These messages come back with it. */
export async function endWithMessages(
  { log, state, journal, files: known }: AgentCore,
  undo: RestoreRecord,
  removed: readonly Message[],
  { result, records }: Done,
): Promise<void> {
  const messageCount = state.conversation.count + removed.length;
  const { messageId } = undo;
  await journal.record({
    messages: removed,
    records: [...records, restoreRecord(undo), rewoundRecord(undo, [])],
    late: () => ({ info: withoutSituation(state.info) }),
    events: [{ channel: 'progress', type: 'rewind_undone', messageId, messageCount }, ended(undo, result), resting],
  });
  state.conversation.compacted(await validCompaction(log, messageCount));
  known.clear();
}

function ended(restore: RestoreRecord, { files, conversation }: RestoreResult): AgentEvent {
  return { ...stepOf(restore), phase: 'end', files, conversation };
}
