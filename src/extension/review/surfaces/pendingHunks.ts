import { window } from 'vscode';
import type { Hunk } from '../../../core/edits/review';
import { asMessageId, type MessageId } from '../../../core/protocol/ids';
import type { PendingHunkHandlers } from '../hunkActions';
import type { Decided, PendingFile, PendingReviews } from '../pendingReviews';
import { Turns } from '../../../core/util/turns';
import { neighbour, shownHunks } from './hunkPlaces';
import type { HunkTarget, HunkTargets } from './hunkTargets';
import { countText, instructionText, placeText } from './hunkText';
import type { OpenChanges } from './openChanges';

export interface PendingHunksPorts {
  readonly pending: PendingReviews;
  readonly targets: HunkTargets;
  readonly changes: OpenChanges;
  /** Sends an instruction to the agent that made this turn's changes. */
  readonly instruct: (turnId: MessageId, text: string) => Promise<void>;
}

type Decision = 'accept' | 'reject';

const saidForMs = 5_000;

/**
 * The commands for pending hunks. Each works from the cursor and the ledger; what was clicked comes as arguments, which are
 * anybody's. They reject with what the ledger says to people.
 */
export class PendingHunks implements PendingHunkHandlers {
  readonly #ports: PendingHunksPorts;
  /** Of two fast keys the second one is about what the first one left, and where it went. */
  readonly #turns = new Turns();

  constructor(ports: PendingHunksPorts) {
    this.#ports = ports;
  }

  isMeant(...args: readonly unknown[]): boolean {
    return this.#ports.targets.wasClicked(args);
  }

  async acceptHunk(...args: readonly unknown[]): Promise<void> {
    await this.#turns.take(() => this.#decideHunks('accept', args));
  }

  async rejectHunk(...args: readonly unknown[]): Promise<void> {
    await this.#turns.take(() => this.#decideHunks('reject', args));
  }

  async rejectHunkWithReason(...args: readonly unknown[]): Promise<void> {
    const target = this.#target(args);
    const reason = target && (await askText('Why do you reject this change?', 'The agent reads your reason.'));
    if (target && reason !== undefined) await this.#decideThese('reject', target, reason);
  }

  async acceptFile(...args: readonly unknown[]): Promise<void> {
    await this.#decideFiles('accept', args);
  }

  async rejectFile(...args: readonly unknown[]): Promise<void> {
    await this.#decideFiles('reject', args);
  }

  /** The turn of the hunk at the cursor, else the last one. */
  async acceptTurn(...args: readonly unknown[]): Promise<void> {
    await this.#decideTurn('accept', args);
  }

  async rejectTurn(...args: readonly unknown[]): Promise<void> {
    await this.#decideTurn('reject', args);
  }

  async acceptAll(): Promise<void> {
    await this.#decide('accept', { kind: 'all' }, this.#ports.pending.files);
  }

  async rejectAll(): Promise<void> {
    await this.#decide('reject', { kind: 'all' }, this.#ports.pending.files);
  }

  async nextHunk(): Promise<void> {
    await this.#turns.take(() => this.#go(1));
  }

  async previousHunk(): Promise<void> {
    await this.#turns.take(() => this.#go(-1));
  }

  /** Asks what to say about the change, and tells its agent. */
  async commentHunk(...args: readonly unknown[]): Promise<void> {
    const target = this.#target(args);
    const hunk = target?.hunks[0];
    if (!target || !hunk) return;
    const comment = await askText('What should the agent do about this change?', placeOf(target.file, hunk));
    if (comment === undefined || comment.trim() === '') return;
    await this.#ports.instruct(asMessageId(hunk.origin), instructionText(target.file.display, hunk, comment));
    say(`Your comment on ${target.file.display} was sent.`);
  }

  /** The file that was clicked, else the active editor's, beside what was countersigned; without one all of them. */
  async openPendingChanges(...args: readonly unknown[]): Promise<void> {
    const { targets, changes } = this.#ports;
    const files = targets.files(args);
    for (const file of files) await changes.compare(file);
    if (files.length === 0) await this.showAllPending();
  }

  async showAllPending(): Promise<void> {
    if (this.#ports.pending.files.length === 0) nothingPending();
    else await this.#ports.changes.compareAll();
  }

  #target(args: readonly unknown[]): HunkTarget | undefined {
    const { pending, targets } = this.#ports;
    const target = targets.hunks(args);
    if (target && target.hunks.length > 0) return target;
    if (pending.files.length === 0) nothingPending();
    else inform('There is no pending change. Go to the next one with "Countersign: Next Change".');
    return undefined;
  }

  async #decideHunks(decision: Decision, args: readonly unknown[]): Promise<void> {
    const target = this.#target(args);
    if (!target) return;
    await this.#decideThese(decision, target, '');
    // Whoever decides by key goes through them one after the other; a click stays where it is.
    if (args.length === 0 && this.#ports.pending.files.length > 0) await this.#go(1);
  }

  async #decideThese(decision: Decision, { file, hunks }: HunkTarget, reason: string): Promise<void> {
    await this.#settle(
      decision,
      { kind: 'hunks', uri: file.uri, ids: hunks.map(({ id }) => id) },
      hunks.length,
      reason,
    );
  }

  async #decideFiles(decision: Decision, args: readonly unknown[]): Promise<void> {
    const { pending, targets } = this.#ports;
    const files = targets.files(args);
    if (files.length === 0) {
      if (pending.files.length === 0) nothingPending();
      else inform('Nothing is pending in this file.');
      return;
    }
    if (!(await this.#mayDecide(decision, files, countOf(files)))) return;
    for (const file of files) await this.#settle(decision, { kind: 'file', uri: file.uri }, countOf([file]));
  }

  async #decideTurn(decision: Decision, args: readonly unknown[]): Promise<void> {
    const { pending, targets } = this.#ports;
    const chosen = args.length > 0 ? targets.hunks(args) : targets.atCursor();
    // The ids of messages sort by the time they were made.
    const origins = pending.files.flatMap(({ review }) => shownHunks(review).map(({ origin }) => origin)).toSorted();
    const origin = chosen?.hunks[0]?.origin ?? origins.at(-1);
    if (origin === undefined) {
      nothingPending();
      return;
    }
    const files = pending.files.filter(({ review }) => shownHunks(review).some((hunk) => hunk.origin === origin));
    const count = origins.filter((one) => one === origin).length;
    if (!(await this.#mayDecide(decision, files, count))) return;
    await this.#settle(decision, { kind: 'turn', turnId: asMessageId(origin) }, count);
  }

  async #decide(decision: Decision, decided: Decided, files: readonly PendingFile[]): Promise<void> {
    if (files.length === 0) nothingPending();
    else if (await this.#mayDecide(decision, files, countOf(files)))
      await this.#settle(decision, decided, countOf(files));
  }

  /** Taking back several files at once is asked: each is undone for itself. */
  async #mayDecide(decision: Decision, files: readonly PendingFile[], count: number): Promise<boolean> {
    if (decision === 'accept' || files.length < 2) return true;
    const what = `${countText(count, 'change')} in ${countText(files.length, 'file')}`;
    const answer = await window.showWarningMessage(
      `Reject ${what}?`,
      { modal: true, detail: 'What stood there before comes back, also where you have typed inside of these changes.' },
      'Reject',
    );
    return answer === 'Reject';
  }

  async #settle(decision: Decision, decided: Decided, count: number, reason = ''): Promise<void> {
    const { pending } = this.#ports;
    if (decision === 'accept') await pending.accept(decided);
    else await pending.reject(decided, reason);
    const left = countOf(pending.files);
    const rest = left === 0 ? 'Nothing is left to review.' : `${countText(left, 'change')} left.`;
    say(`${countText(count, 'change')} ${decision}ed. ${rest}`);
  }

  async #go(step: 1 | -1): Promise<void> {
    const { pending, targets, changes } = this.#ports;
    const files = pending.files.map((file) => ({ file, hunks: shownHunks(file.review) }));
    const next = neighbour(files, targets.place(), step);
    if (!next) {
      nothingPending();
      return;
    }
    await changes.reveal(next.file, next.hunk);
    say(placeOf(next.file, next.hunk));
  }
}

function placeOf(file: PendingFile, hunk: Hunk): string {
  return `${file.display}, line ${hunk.nowStart + 1}: change ${placeText(hunk, shownHunks(file.review))}.`;
}

function countOf(files: readonly PendingFile[]): number {
  return files.reduce((sum, { review }) => sum + review.segments.filter(({ kind }) => kind === 'hunk').length, 0);
}

/** Undefined: the user has left it. */
async function askText(title: string, prompt: string): Promise<string | undefined> {
  return window.showInputBox({ title, prompt: `${prompt} Escape changes nothing.`, ignoreFocusOut: true });
}

function say(text: string): void {
  window.setStatusBarMessage(`$(pass) ${text}`, saidForMs);
}

function nothingPending(): void {
  inform('No changes wait for your review.');
}

function inform(text: string): void {
  void window.showInformationMessage(text);
}
