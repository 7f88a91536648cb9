import type { FileChange } from '../../core/sandbox/sandbox';
import type { Decision } from '../../core/protocol/toolCalls';
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
    return this.#files.reduce((sum, { text }) => sum + text.hunks.length, 0);
  }

  get isAcceptedInPart(): boolean {
    return this.#files.some(({ text }) => text.isAcceptedInPart);
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
