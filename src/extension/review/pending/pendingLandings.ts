import { stat } from 'node:fs/promises';
import { ToolError } from '../../../core/errors';
import { baseOf } from '../../../core/edits/review';
import type { EditConsent, FileChange } from '../../../core/sandbox/sandbox';
import { encodeExactly } from '../../fileBytes';
import type { Landing } from '../../landing';
import type { ExpectedLanding, LandingWitness, PlannedLanding } from '../landingWitness';
import type { FileFollower } from './fileFollower';
import { isKept, type FileRecord } from './fileRecord';
import { formatted } from './follow';
import { landedRecord, untouchedRecord, type RecordedChange } from './landedRecord';
import { documentOf, textOnDisk } from './standingText';
import { sizeOf, type RecordChange, type TrackedFiles } from './trackedFiles';

export interface PendingLandingsPorts {
  readonly tracked: TrackedFiles;
  readonly follower: FileFollower;
  readonly reportError: (what: string, error: unknown) => void;
}

/** All texts that wait in a workspace together. */
const maxCharacters = 100_000_000;

/** Before an edit lands, what will wait is on disk: whatever dies in between, the text that stands there tells how far it came. */
export class PendingLandings implements LandingWitness {
  readonly #ports: PendingLandingsPorts;
  #lastSince = 0;

  constructor(ports: PendingLandingsPorts) {
    this.#ports = ports;
  }

  /** @throws ToolError 'too_large' where too much waits already, StoreError where it cannot be kept: nothing has landed then. */
  async expect(consent: EditConsent, planned: readonly PlannedLanding[]): Promise<ExpectedLanding> {
    const { tracked, follower } = this.#ports;
    const expected: Expected[] = [];
    for (const one of planned.filter(({ landing }) => landing.kind !== 'nothing')) {
      await follower.hearNews(one.change.path);
      const prior = tracked.get(one.change.path);
      if (consent.kind !== 'pending' && !(prior && isKept(prior))) continue;
      const change = await this.#recorded(one, planned, prior);
      const before = prior ?? (change.before === undefined ? null : untouchedRecord(change));
      expected.push({ path: one.change.path, before, after: landedRecord(prior, change, consent) });
    }
    const linked = relinked(expected);
    if (consent.kind === 'pending') this.#checkSize(linked);
    const marked = linked.flatMap(({ path, before, after }) =>
      after ? [{ path, record: { ...after, landing: { before: before && withoutMarker(before) } } }] : [],
    );
    try {
      await tracked.put(marked);
    } catch (error) {
      await this.#takeBack(linked);
      throw error;
    }
    return { landed: () => this.#landed(linked), failed: () => this.#takeBack(linked) };
  }

  async #recorded(
    { change, landing }: PlannedLanding,
    planned: readonly PlannedLanding[],
    prior: FileRecord | undefined,
  ): Promise<RecordedChange> {
    const { path, display, before, after, guarded } = change;
    this.#lastSince = Math.max(Date.now(), this.#lastSince + 1);
    const encoding = documentOf(change)?.encoding ?? prior?.encoding;
    const about = {
      ...{
        path,
        display,
        address: landing.uri.toString(),
        since: this.#lastSince,
        isSecret: guarded?.kind === 'secret',
      },
      ...(encoding !== undefined && { encoding }),
      ...pairOf(change, planned),
    };
    return {
      before,
      after,
      about,
      original: after === undefined ? await originalOf(landing, prior, encoding) : undefined,
    };
  }

  #checkSize(expected: readonly Expected[]): void {
    const records = new Map(this.#ports.tracked.records.map((record) => [record.path, record]));
    for (const { path, after } of expected) if (after) records.set(path, after);
    const size = [...records.values()].reduce((sum, record) => sum + sizeOf(record), 0);
    if (size <= maxCharacters) return;
    throw new ToolError(
      'too_large',
      `Too much waits for review already: ${Math.round(size / 1e6)} million characters.`,
      {
        advice: 'Ask the user to accept or reject what is pending, then try again.',
      },
    );
  }

  /** A formatter may have had its say: what it left is what the agent's edit has become. */
  async #landed(expected: readonly Expected[]): Promise<void> {
    const changes = expected.map(async ({ path, after }): Promise<RecordChange> => {
      const record = after && this.#ports.tracked.get(path);
      if (!record) return { path, record: undefined };
      const { landing: _marker, ...landed } = record;
      const text = landed.kind === 'deleted' ? undefined : await textOnDisk(landed);
      const isDirty = documentOf(landed)?.isDirty === true;
      if (text === undefined || isDirty) return { path, record: landed };
      const review = formatted(landed.review, text);
      return { path, record: { ...landed, review, saved: review } };
    });
    await this.#settle(Promise.all(changes).then((all) => this.#ports.tracked.put(all)));
  }

  async #takeBack(expected: readonly Expected[]): Promise<void> {
    const { tracked, follower } = this.#ports;
    const work = async (): Promise<void> => {
      await tracked.put(expected.map(({ path, before }) => ({ path, record: before ?? undefined })));
      for (const { path } of expected) await follower.lookNow(path);
    };
    await this.#settle(work());
  }

  /** The files are as they are by now: the next look at the disk tells. */
  async #settle(work: Promise<void>): Promise<void> {
    const failed = (error: unknown): void => this.#ports.reportError('What is pending could not be kept', error);
    await work.catch(failed);
  }
}

interface Expected {
  readonly path: string;
  readonly before: FileRecord | null;
  /** Undefined: nothing will be pending. */
  readonly after: FileRecord | undefined;
}

function pairOf({ path, movedFrom }: FileChange, planned: readonly PlannedLanding[]): Pick<FileRecord, 'pair'> {
  const [from] = planned.filter(({ change }) => change.path === movedFrom && change.after === undefined);
  if (from) return { pair: { path: from.change.path, display: from.change.display, isOld: true } };
  const [to] = planned.filter(({ change }) => change.movedFrom === path);
  return to ? { pair: { path: to.change.path, display: to.change.display, isOld: false } } : {};
}

/** A file that an agent has made, or moved here, and that is moved on, was never here for the user. */
function relinked(expected: readonly Expected[]): readonly Expected[] {
  return expected.map((one) => {
    const { after } = one;
    const from = after?.pair?.isOld === true ? expected.find(({ path }) => path === after.pair?.path) : undefined;
    if (!after || !from || from.after) return one;
    return { ...one, after: { ...after, pair: from.before?.pair } };
  });
}

function withoutMarker(record: FileRecord): FileRecord {
  const { landing: _marker, ...plain } = record;
  return plain;
}

/** The countersigned bytes of a file that is about to be deleted. */
async function originalOf(
  landing: Landing,
  prior: FileRecord | undefined,
  encoding: string | undefined,
): Promise<FileRecord['original']> {
  if (landing.kind !== 'delete') return undefined;
  const bytes =
    prior && isKept(prior)
      ? await encodeExactly(baseOf(prior.review), encoding ?? landing.uri, landing.display)
      : landing.bytes;
  const mode = landing.uri.scheme === 'file' ? (await stat(landing.uri.fsPath)).mode & 0o777 : undefined;
  return { base64: Buffer.from(bytes).toString('base64'), ...(mode !== undefined && { mode }) };
}
