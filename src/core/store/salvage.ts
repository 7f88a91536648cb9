import type { Envelope } from '../protocol/events';
import type { Message } from '../protocol/messages';
import type { ToolCallRecord } from '../protocol/toolCalls';
import { PairRepair } from './pairRepair';
import type { Batch, SessionRecord, Snapshot } from './store';
import type { WholePart } from './wholeParts';

/** What could still be read of a damaged session. */
export interface Salvaged {
  readonly report: {
    readonly messages: number;
    readonly events: number;
    readonly toolCalls: number;
    /** What is gone, each with its place, for people. Empty: everything was read. */
    readonly lost: readonly string[];
  };
  /** Committed to a new session in this order they bring back what was read. */
  readonly batches: readonly Batch[];
}

export interface SalvagedParts {
  readonly whole: Pick<Batch, WholePart>;
  /** The conversation by places; what is gone is missing. */
  readonly messages: readonly (Message | undefined)[];
  readonly envelopes: readonly Envelope[];
  readonly toolCalls: readonly ToolCallRecord[];
  readonly snapshots: readonly Snapshot[];
  readonly records: readonly SessionRecord[];
  readonly lost: readonly string[];
}

export function salvagedFrom(parts: SalvagedParts): Salvaged {
  const found = parts.messages.filter((message) => message !== undefined);
  const pairs = new PairRepair();
  const messages = found.flatMap((message) => pairs.next(message));
  const gone = Array.from(parts.messages, (message, place) => (message ? [] : [place + 1])).flat();
  const { whole, envelopes, toolCalls } = parts;
  const snapshots = parts.snapshots.map((one) => ({
    ...one,
    messageCount: placeAmong(parts.messages, one.messageCount),
  }));
  const records = parts.records.map((one) => withPlaceAmong(parts.messages, one));
  return {
    report: {
      ...{ messages: found.length, events: envelopes.length, toolCalls: toolCalls.length },
      lost: [...parts.lost, ...(gone.length > 0 ? [`of the conversation: message ${gone.join(', ')}`] : [])],
    },
    batches: inPieces({ messages, envelopes, toolCalls, snapshots, records }, whole),
  };
}

/** Where a place in the conversation stands once what is gone is left out. */
function placeAmong(messages: SalvagedParts['messages'], messageCount: number): number {
  return messages.slice(0, messageCount).filter((message) => message !== undefined).length;
}

function withPlaceAmong(messages: SalvagedParts['messages'], record: SessionRecord): SessionRecord {
  const { kind, body } = record;
  const { messageCount } = body;
  if (kind !== 'compaction' || typeof messageCount !== 'number') return record;
  return { ...record, body: { ...body, messageCount: placeAmong(messages, messageCount) } };
}

/** So that no single commit holds a whole long history. */
function inPieces(
  parts: Required<Pick<Batch, 'messages' | 'envelopes' | 'toolCalls' | 'snapshots' | 'records'>>,
  whole: Pick<Batch, WholePart>,
): readonly Batch[] {
  const longest = Math.max(...Object.values(parts).map(({ length }) => length), 1);
  return Array.from({ length: Math.ceil(longest / itemsAtOnce) }, (_, index) => {
    const piece = <T>(items: readonly T[]): readonly T[] => items.slice(index * itemsAtOnce, (index + 1) * itemsAtOnce);
    return {
      ...{ envelopes: piece(parts.envelopes), messages: piece(parts.messages) },
      ...{ toolCalls: piece(parts.toolCalls), snapshots: piece(parts.snapshots), records: piece(parts.records) },
      ...(index === 0 && whole),
    };
  });
}

const itemsAtOnce = 200;
