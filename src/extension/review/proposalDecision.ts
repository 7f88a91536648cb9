import type { FileChange } from '../../core/sandbox/sandbox';
import type { Decision } from '../../core/protocol/toolCalls';
import type { ProposalProgress } from '../../core/protocol/view';
import type { FileText, ProposedText } from './proposedText';

export interface ProposalAnswer {
  readonly decision: Decision;
  readonly note?: string;
}

/** What the user has decided of a proposal so far, and what that makes of an answer to the whole. */
export class ProposalDecision {
  readonly #files: readonly { readonly change: FileChange; readonly text: ProposedText }[];
  readonly #reasons: string[] = [];
  /** What lands: all that was accepted, or what waits as well. */
  #lands: 'accepted' | 'open' = 'open';

  constructor(files: readonly { readonly change: FileChange; readonly text: ProposedText }[]) {
    this.#files = files;
  }

  /** How many hunks wait. */
  get open(): number {
    return sum(this.#files.map(({ text }) => text.hunks.length));
  }

  get isAcceptedInPart(): boolean {
    return this.#files.some(({ text }) => text.isAcceptedInPart);
  }

  /** Undefined: nothing was decided or changed yet. */
  get progress(): Omit<ProposalProgress, 'permissionId'> | undefined {
    const decided = this.#files.map(({ text }) => text.decided);
    const accepted = sum(decided.map((file) => file.accepted));
    const rejected = sum(decided.map((file) => file.rejected));
    const isChanged = decided.some((file) => file.isChanged);
    if (accepted + rejected === 0 && !isChanged) return undefined;
    return { accepted, rejected, left: this.open, ...(isChanged && { changed: true }) };
  }

  /** Why something was rejected: the model reads it with the outcome. */
  addReason(reason: string): void {
    this.#reasons.push(reason);
  }

  /**
   * Approving takes all that waits, rejecting leaves what was accepted. Where nothing would land the answer is a denial. The
   * reasons that were given for hunks go with it.
   */
  answer<Given extends ProposalAnswer>(given: Given): Given {
    if (this.#files.length === 0) return given;
    this.#lands = given.decision === 'allow' ? 'open' : 'accepted';
    const lands = this.#files.some(({ change, text }) => this.#landing(text) !== change.before);
    const note = [...this.#reasons, ...(given.note === undefined ? [] : [given.note])].join('\n');
    return { ...given, decision: lands ? 'allow' : 'deny', ...(note !== '' && { note }) };
  }

  /** What lands of each file, by its path, where it is not what was proposed. */
  landings(): ReadonlyMap<string, { readonly text: FileText }> {
    return new Map(
      this.#files
        .map(({ change, text }) => ({ change, landing: this.#landing(text) }))
        .filter(({ change, landing }) => landing !== change.after)
        .map(({ change, landing }) => [change.path, { text: landing }]),
    );
  }

  #landing(text: ProposedText): FileText {
    return this.#lands === 'open' ? text.now : text.base;
  }
}

/** Of those of which something was decided. */
export function progressOf(
  open: readonly { readonly permissionId: string; readonly decision: ProposalDecision }[],
): readonly ProposalProgress[] {
  return open.flatMap(({ permissionId, decision: { progress } }) => (progress ? [{ permissionId, ...progress }] : []));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
