import { EventEmitter, type Disposable, type Event, type Uri } from 'vscode';
import { AgentError, ToolError } from '../../../core/errors';
import { accepted, hunksOf, nowOf, rejected } from '../../../core/edits/review';
import { isAgentId, type AgentId, type MessageId } from '../../../core/protocol/ids';
import type { Turns } from '../../../core/util/turns';
import type { Decided, Judgment, PendingFile, PendingReviews } from '../pendingReviews';
import { chosenHunks, type Chosen } from './chosenHunks';
import type { FileFollower } from './fileFollower';
import { settledReview, withReviews, type FileRecord } from './fileRecord';
import { judgmentsOf } from './judgmentsOf';
import { putBack, takenOf, type Taken } from './putBack';
import type { RecordChange, TrackedFiles } from './trackedFiles';
import { withUnsaved } from './withUnsaved';
import { errorText } from '../../../core/util/errorText';

export interface PendingLedgerPorts {
  readonly tracked: TrackedFiles;
  readonly follower: FileFollower;
  /** Shared with the landings: a decision and an edit of the same file never run at the same time. */
  readonly turns: Turns;
}

/**
 * The edits that landed and wait. Decisions are kept at once. A rejected hunk is put back in the editor and saved; where the
 * user has unsaved text in the file it is put back in the buffer only, and saved with their text when they save.
 */
export class PendingLedger implements PendingReviews, Disposable {
  readonly #ports: PendingLedgerPorts;
  readonly #judged = new EventEmitter<Judgment>();

  readonly onDidJudge: Event<Judgment> = this.#judged.event;

  constructor(ports: PendingLedgerPorts) {
    this.#ports = ports;
  }

  get onDidChange(): Event<readonly Uri[]> {
    return this.#ports.tracked.onDidChange;
  }

  get files(): readonly PendingFile[] {
    const { tracked } = this.#ports;
    return tracked.pending.map((record) => tracked.shown(record));
  }

  file(uri: Uri): PendingFile | undefined {
    const { tracked } = this.#ports;
    const record = tracked.at(uri);
    return record && tracked.pending.includes(record) ? tracked.shown(record) : undefined;
  }

  authorOf(turnId: MessageId): AgentId | undefined {
    const authors = this.#ports.tracked.records.map((record) => record.authors[turnId] ?? '');
    return authors.find(isAgentId);
  }

  /** At once, whatever is under way: an edit or a reject of the same file that fails may bring the hunk back as pending. */
  async accept(decided: Decided): Promise<void> {
    const { tracked } = this.#ports;
    const chosen = this.#chosen(decided);
    for (const { record, ids } of chosen) tracked.rewriteMemory(record.path, (review) => accepted(review, ids));
    await tracked.put(chosen.map((one) => ({ ...acceptedRecord(one), again: (news) => acceptedAgain(one, news) })));
    for (const one of chosen) this.#judge(one, 'accepted', '');
  }

  async reject(decided: Decided, reason: string): Promise<void> {
    await this.#ports.turns.take(async () => {
      for (const { record } of this.#chosen(decided)) await this.#ports.follower.hearNews(record.path);
      const failures: ToolError[] = [];
      for (const one of this.#chosen(decided)) {
        try {
          await this.#reject(one);
          this.#judge(one, 'rejected', reason);
        } catch (error) {
          failures.push(notPutBack(one.record, error));
        }
      }
      const [first] = failures;
      if (!first) return;
      if (failures.length === 1) throw first;
      const messages = failures.map(({ message }) => message).join(' ');
      throw new ToolError('failed', messages, { advice: first.advice, cause: first });
    });
  }

  dispose(): void {
    this.#judged.dispose();
  }

  #chosen(decided: Decided): readonly Chosen[] {
    const { tracked } = this.#ports;
    if (decided.kind === 'turn' || decided.kind === 'all') return chosenHunks(tracked.pending, decided);
    const path = tracked.at(decided.uri)?.path;
    return path === undefined ? [] : chosenHunks(tracked.pending, { ...decided, path });
  }

  /** The record says first what will stand there, so that the editor's own events are no news. */
  async #reject(chosen: Chosen): Promise<void> {
    const { tracked, follower } = this.#ports;
    const { record, ids, isWhole } = chosen;
    const isAll = isWhole || record.state === 'gone';
    const taken = takenOf(record, rejected(record.review, isAll ? record.review.segments.flatMap(idOf) : ids));
    const after = rejectedRecord(record, taken);
    if (after) tracked.putSoon({ path: record.path, record: after }, 'moment');
    try {
      await putBack(record, taken, AbortSignal.timeout(putBackMs));
    } catch (error) {
      // What was typed meanwhile is there as well.
      tracked.putSoon({ path: record.path, record: withUnsaved(record) }, 'moment');
      await tracked.flush();
      await follower.lookNow(record.path);
      throw error;
    }
    const current = tracked.get(record.path);
    await tracked.put([{ path: record.path, record: after && current }]);
    await follower.lookNow(record.path);
  }

  #judge(chosen: Chosen, decision: Judgment['decision'], reason: string): void {
    for (const judgment of judgmentsOf(chosen, decision, reason)) this.#judged.fire(judgment);
  }
}

const putBackMs = 30_000;

type SegmentOf = FileRecord['review']['segments'][number];

function idOf(segment: SegmentOf): readonly number[] {
  return segment.kind === 'hunk' ? [segment.id] : [];
}

function acceptedRecord({ record, ids, isWhole }: Chosen): RecordChange {
  const { path } = record;
  if (isWhole && (record.kind === 'deleted' || record.state === 'gone')) return { path, record: undefined };
  return { path, record: { ...withReviews(record, (review) => accepted(review, ids)), kind: 'modified' } };
}

/** What was decided holds for what another window has written meanwhile as far as the same hunks stand there. */
function acceptedAgain({ record, ids, isWhole }: Chosen, news: FileRecord | undefined): FileRecord | undefined {
  if (!news) return undefined;
  const left = hunksOf(news.review);
  const known = new Map(hunksOf(record.review).map((hunk) => [hunk.id, hunk]));
  const same = left.filter(({ id, base, now }) => {
    const hunk = ids.includes(id) ? known.get(id) : undefined;
    return hunk?.base === base && hunk.now === now;
  });
  const isAll = isWhole && same.length === left.length && news.kind === record.kind;
  if (same.length === 0 && !isAll) return news;
  return acceptedRecord({ record: news, ids: same.map(({ id }) => id), isWhole: isAll }).record;
}

/** Undefined: nothing is left to wait. */
function rejectedRecord(record: FileRecord, taken: Taken): FileRecord | undefined {
  if (taken.kind !== 'text') return undefined;
  const { original: _bytes, pair: _half, ...plain } = record;
  const isBack = record.kind === 'deleted' || record.state === 'gone';
  const review = isBack ? settledReview(nowOf(taken.review), record.review.nextId) : taken.review;
  return { ...plain, kind: 'modified', state: 'here', review, saved: isBack ? review : record.saved };
}

function notPutBack({ display }: FileRecord, error: unknown): ToolError {
  return new ToolError(
    error instanceof ToolError ? error.code : 'failed',
    `"${display}" could not be put back and stays pending: ${errorText(error)}`,
    {
      advice: error instanceof AgentError && error.family === 'sandbox' ? error.advice : putBackAdvice,
      cause: error,
    },
  );
}

const putBackAdvice = 'Save or revert the file in its editor and check that it may be written to, then reject again.';
