import { Range, Selection, TextEditorRevealType, Uri, window, type Disposable } from 'vscode';
import { Disposables } from '../../core/util/disposables';
import { Turns } from '../../core/util/turns';
import type { ProposalHunkHandlers } from './hunkActions';
import type { ProposalAnswer } from './proposalDecision';
import { showOnRight } from './proposalEdits';
import type { ProposalFile } from './proposalFiles';
import { editorOf, hunkMeant, isSeen, neighbourOf, placeIn, type HunkPlace } from './proposalPlaces';
import type { OpenProposal, Proposals } from './proposals';
import { reveal, showAll } from './proposalTabs';
import { leftOf, reasonFor } from './proposalWords';
import type { OpenHunk } from './proposedText';

export interface ProposalHunksPorts {
  readonly proposals: Proposals;
  /** Answers the question behind a proposal. @throws what went wrong, for people. */
  readonly decide: (permissionId: string, answer: ProposalAnswer) => Promise<void>;
  /** Hears of what went wrong with what nobody waits for. */
  readonly report: (problem: unknown) => void;
}

const saidForMs = 5_000;
const nothingWaits = 'No proposed change waits for a decision.';

/** Decides hunk by hunk on the proposal in front. Once nothing is left to decide the question behind it is answered. */
export class ProposalHunks implements ProposalHunkHandlers, Disposable {
  readonly #ports: ProposalHunksPorts;
  readonly #owned = new Disposables();
  /** One decision at a time: the second of two fast ones is about what the first one left. */
  readonly #turns = new Turns();

  constructor(ports: ProposalHunksPorts) {
    this.#ports = ports;
    // The diff editor's own arrow puts a hunk back: that is a rejection as well.
    this.#owned.add(
      ports.proposals.onDidPutBack(
        (proposal) => void this.#turns.take(() => this.#finish(proposal)).catch(ports.report),
      ),
    );
  }

  inFront(...args: readonly unknown[]): boolean {
    return this.#file(args) !== undefined;
  }

  acceptHunk(...args: readonly unknown[]): Promise<void> {
    return this.#decideHunk(args, async (place, hunk) => {
      // Nothing is accepted that does not stand before the person's eyes.
      if (isSeen(place, hunk)) await this.#accept(place.file, [hunk]);
      else await goTo(place.file, hunk);
    });
  }

  rejectHunk(...args: readonly unknown[]): Promise<void> {
    return this.#decideHunk(args, ({ file }, hunk) => this.#reject(file, [hunk]));
  }

  rejectHunkWithReason(...args: readonly unknown[]): Promise<void> {
    return this.#decideHunk(args, async ({ file }, hunk) => {
      const reason = await window.showInputBox({
        title: 'Why do you reject this change?',
        prompt: 'The agent reads your reason. Enter rejects, Escape leaves the change open.',
        ignoreFocusOut: true,
      });
      if (reason === undefined) return;
      // It may have been typed into, or decided, while the reason was written.
      const open = file.text.hunks.find(({ base, now }) => base === hunk.base && now === hunk.now);
      const said = reason.trim();
      if (open && said !== '') this.#proposal(file)?.decision.addReason(reasonFor(file.change.display, open, said));
      if (open) await this.#reject(file, [open]);
    });
  }

  acceptFile(...args: readonly unknown[]): Promise<void> {
    return this.#decideFile(args, (file) => this.#accept(file, file.text.hunks));
  }

  rejectFile(...args: readonly unknown[]): Promise<void> {
    return this.#decideFile(args, (file) => this.#reject(file, file.text.hunks));
  }

  /** All that is open in the proposal in front. */
  acceptAll(...args: readonly unknown[]): Promise<void> {
    return this.#decideFile(args, ({ permissionId }) => this.#ports.decide(permissionId, { decision: 'allow' }));
  }

  rejectAll(...args: readonly unknown[]): Promise<void> {
    return this.#decideFile(args, ({ permissionId }) => this.#ports.decide(permissionId, { decision: 'deny' }));
  }

  nextHunk(...args: readonly unknown[]): Promise<void> {
    return this.#turns.take(() => this.#go(args, 1));
  }

  previousHunk(...args: readonly unknown[]): Promise<void> {
    return this.#turns.take(() => this.#go(args, -1));
  }

  async showAllProposed(): Promise<void> {
    const files = this.#ports.proposals.open.flatMap((proposal) => proposal.files);
    if (files.length > 0) await showAll(files);
    else void window.showInformationMessage(nothingWaits);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #decideHunk(args: readonly unknown[], decide: (place: HunkPlace, hunk: OpenHunk) => Promise<void>): Promise<void> {
    return this.#decideFile(args, async (file) => {
      const place = placeIn(file, args);
      const hunk = hunkMeant(place);
      if (hunk) await decide(place, hunk);
      else await this.#goOn(file, 0);
    });
  }

  #decideFile(args: readonly unknown[], decide: (file: ProposalFile) => Promise<void>): Promise<void> {
    return this.#turns.take(async () => {
      const file = this.#file(args);
      if (file) await decide(file);
      else void window.showInformationMessage('No proposed change is in front.');
    });
  }

  async #accept(file: ProposalFile, hunks: readonly OpenHunk[]): Promise<void> {
    if (!this.#proposal(file)) return;
    file.text.accept(hunks.map(({ id }) => id));
    this.#ports.proposals.noteDecided(file);
    await this.#goOn(file, hunks[0]?.right.start ?? 0);
  }

  async #reject(file: ProposalFile, hunks: readonly OpenHunk[]): Promise<void> {
    if (!this.#proposal(file)) return;
    file.text.reject(hunks.map(({ id }) => id));
    this.#ports.proposals.noteDecided(file);
    if (file.change.after !== undefined) await showOnRight(file);
    await this.#goOn(file, hunks[0]?.right.start ?? 0);
  }

  /** To what is next to decide: below in the file, else above, else in the proposal's next file. Or it was the last. */
  async #goOn(file: ProposalFile, line: number): Promise<void> {
    const proposal = this.#proposal(file);
    if (!proposal) return;
    window.setStatusBarMessage(`${file.change.display}: ${leftOf(file.text)}`, saidForMs);
    await this.#finish(proposal);
    if (proposal.decision.open === 0) return;
    const here = hunkMeant({ file, side: 'right', line, editor: undefined });
    const next = here ? file : filesFrom(proposal.files, file, 1).find(({ text }) => text.hunks.length > 0);
    const [first] = next?.text.hunks ?? [];
    if (next && (here ?? first)) await goTo(next, here ?? first);
  }

  /** Where nothing is left to decide, the answer follows from what was decided. */
  async #finish(proposal: OpenProposal): Promise<void> {
    const { proposals, decide } = this.#ports;
    if (proposal.decision.open > 0 || !proposals.open.includes(proposal)) return;
    await decide(proposal.permissionId, { decision: 'allow' });
  }

  /** Through the hunks of the file, and on into the next proposed one. */
  async #go(args: readonly unknown[], step: 1 | -1): Promise<void> {
    const files = this.#ports.proposals.open.flatMap((proposal) => proposal.files);
    const file = this.#file(args);
    const next = file && neighbourOf(placeIn(file, args), step);
    if (file && next) {
      await goTo(file, next);
      return;
    }
    const other = filesFrom(files, file, step).find(({ text }) => text.hunks.length > 0);
    const hunk = other?.text.hunks.at(step === 1 ? 0 : -1);
    if (other && hunk) await goTo(other, hunk);
    else void window.showInformationMessage(nothingWaits);
  }

  #proposal(file: ProposalFile): OpenProposal | undefined {
    return this.#ports.proposals.open.find(({ files }) => files.includes(file));
  }

  /** What was clicked, else what is in front. */
  #file([clicked]: readonly unknown[]): ProposalFile | undefined {
    const { proposals } = this.#ports;
    const uri: unknown =
      clicked instanceof Uri || typeof clicked !== 'object' || clicked === null ? clicked : Reflect.get(clicked, 'uri');
    return uri instanceof Uri ? proposals.fileOf(uri) : proposals.fileInFront();
  }
}

/** All files once, from the one after `file` on, it last; without one from the first (or last) on. */
function filesFrom(
  files: readonly ProposalFile[],
  file: ProposalFile | undefined,
  step: 1 | -1,
): readonly ProposalFile[] {
  const ordered = step === 1 ? files : files.toReversed();
  const at = file ? ordered.indexOf(file) + 1 : 0;
  return [...ordered.slice(at), ...ordered.slice(0, at)];
}

/** Puts the cursor to the hunk, in its editor if that is the active one. */
async function goTo(file: ProposalFile, hunk: OpenHunk | undefined): Promise<void> {
  const { start } = hunk?.right ?? { start: 0 };
  const editor = editorOf(file);
  if (editor?.document.uri.toString() !== file.right.toString()) {
    await reveal(file, start);
    return;
  }
  const line = Math.min(start, editor.document.lineCount - 1);
  editor.selection = new Selection(line, 0, line, 0);
  editor.revealRange(new Range(line, 0, line, 0), TextEditorRevealType.InCenterIfOutsideViewport);
}
