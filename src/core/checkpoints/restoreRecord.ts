import type { MessageId } from '../protocol/ids';
import type { SessionRecord } from '../store/store';

/** A restore, or the undoing of one. Its files are the checkpoint entries that bear its id. */
export interface RestoreRecord {
  readonly id: string;
  /** To before this message. */
  readonly messageId: MessageId;
  /** 'started' is written before the first file is touched: where it stays so, the restore was cut off midway. */
  readonly state: 'started' | 'done' | 'failed' | 'undone';
  /** The restore that this one takes back. */
  readonly undoes?: string;
  /** How many messages stayed, where the conversation went back too. */
  readonly keptMessages?: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export function restoreRecord({ id, createdAt, ...rest }: RestoreRecord): SessionRecord {
  return { kind: 'restore', id, createdAt, body: rest };
}

/** What is none is passed over. */
export function restoresIn(records: readonly SessionRecord[]): readonly RestoreRecord[] {
  return records.flatMap(({ id, createdAt, body }) => {
    const { messageId, state, undoes, keptMessages } = body;
    if (typeof messageId !== 'string' || !isState(state)) return [];
    return [
      {
        ...{ id, createdAt, messageId: messageId as MessageId, state },
        ...(typeof undoes === 'string' && { undoes }),
        ...(typeof keptMessages === 'number' && { keptMessages }),
      },
    ];
  });
}

/** The restore that can be undone: the last one, unless that was undone already. */
export function undoable(restores: readonly RestoreRecord[]): RestoreRecord | undefined {
  return restores.findLast(({ undoes, state }) => undoes === undefined && state !== 'failed' && state !== 'undone');
}

function isState(value: unknown): value is RestoreRecord['state'] {
  return value === 'started' || value === 'done' || value === 'failed' || value === 'undone';
}
