import type { Envelope } from '../../core/protocol/events';
import type { CallId } from '../../core/protocol/ids';
import type { Message } from '../../core/protocol/messages';
import type { ToolCallRecord } from '../../core/protocol/toolCalls';
import { salvagedFrom, type Salvaged } from '../../core/store/salvage';
import type { Batch, SessionRecord, Snapshot } from '../../core/store/store';
import { wholeParts, type WholePart } from '../../core/store/wholeParts';
import type { HistoryFile } from './historyFile';
import { checkVersion, scanLines } from './jsonScan';

/** Reads every line that can still be read. @throws StoreError 'newer_version'. */
export async function salvageJson(file: HistoryFile, name: string): Promise<Salvaged> {
  const messages: (Message | undefined)[] = [];
  const envelopes: Envelope[] = [];
  const toolCalls = new Map<CallId, ToolCallRecord>();
  const snapshots = new Map<string, Snapshot>();
  const records = new Map<string, SessionRecord>();
  const lost: string[] = [];
  let whole: Pick<Batch, WholePart> = {};
  let number = 0;
  let revisionNumber = 0;
  for await (const { entry, swallowed, bytes } of scanLines(file, 0)) {
    number++;
    if (!entry) lost.push(`line ${number} (${bytes} bytes): changed or cut off`);
    const readable = entry ?? swallowed;
    if (readable) checkVersion(readable, name);
    if (readable?.kind !== 'batch') continue;
    const { batch, revision } = readable;
    // What a lost line took back is taken back here; what it brought leaves holes.
    if (revision.number > revisionNumber) messages.length = Math.min(messages.length, revision.keep);
    revisionNumber = revision.number;
    messages.length = revision.from;
    messages.push(...(batch.messages ?? []));
    envelopes.push(...batch.envelopes);
    for (const call of batch.toolCalls ?? []) toolCalls.set(call.id, call);
    for (const snapshot of batch.snapshots ?? []) snapshots.set(snapshot.id, snapshot);
    for (const record of batch.records ?? []) records.set(`${record.kind} ${record.id}`, record);
    const parts = wholeParts.filter((part) => batch[part] !== undefined).map((part) => [part, batch[part]]);
    whole = { ...whole, ...(Object.fromEntries(parts) as Pick<Batch, WholePart>) };
  }
  return salvagedFrom({
    ...{ whole, messages, envelopes, lost },
    ...{ toolCalls: [...toolCalls.values()], snapshots: [...snapshots.values()], records: [...records.values()] },
  });
}
