/**
 * What can be done to hunks. Each works from the cursor and the state alone; menus and lenses give along what was clicked,
 * which may be anything.
 */
export interface HunkHandlers {
  acceptHunk(...args: readonly unknown[]): Promise<void>;
  rejectHunk(...args: readonly unknown[]): Promise<void>;
  rejectHunkWithReason(...args: readonly unknown[]): Promise<void>;
  acceptFile(...args: readonly unknown[]): Promise<void>;
  rejectFile(...args: readonly unknown[]): Promise<void>;
  acceptAll(...args: readonly unknown[]): Promise<void>;
  rejectAll(...args: readonly unknown[]): Promise<void>;
  nextHunk(...args: readonly unknown[]): Promise<void>;
  previousHunk(...args: readonly unknown[]): Promise<void>;
}

/** Hunks that wait in a proposal's diff. */
export interface ProposalHunkHandlers extends HunkHandlers {
  /** Whether a proposal's diff is in front, or was clicked. */
  inFront(...args: readonly unknown[]): boolean;
  showAllProposed(): Promise<void>;
}

/** Hunks that have landed and wait where they stand. */
export interface PendingHunkHandlers extends HunkHandlers {
  acceptTurn(...args: readonly unknown[]): Promise<void>;
  rejectTurn(...args: readonly unknown[]): Promise<void>;
  commentHunk(...args: readonly unknown[]): Promise<void>;
  openPendingChanges(...args: readonly unknown[]): Promise<void>;
  showAllPending(): Promise<void>;
  /** Whether something pending was clicked, whatever is in front. */
  isMeant(...args: readonly unknown[]): boolean;
}

/** One command for both: the pending hunk that was clicked, else the proposal in front, else the pending hunk at the cursor. */
export class HunkActions implements Omit<PendingHunkHandlers, 'isMeant'> {
  readonly #proposals: ProposalHunkHandlers;
  readonly #pending: PendingHunkHandlers;

  constructor(proposals: ProposalHunkHandlers, pending: PendingHunkHandlers) {
    this.#proposals = proposals;
    this.#pending = pending;
  }

  acceptHunk(...args: readonly unknown[]): Promise<void> {
    return this.#meant(args).acceptHunk(...args);
  }

  rejectHunk(...args: readonly unknown[]): Promise<void> {
    return this.#meant(args).rejectHunk(...args);
  }

  rejectHunkWithReason(...args: readonly unknown[]): Promise<void> {
    return this.#meant(args).rejectHunkWithReason(...args);
  }

  acceptFile(...args: readonly unknown[]): Promise<void> {
    return this.#meant(args).acceptFile(...args);
  }

  rejectFile(...args: readonly unknown[]): Promise<void> {
    return this.#meant(args).rejectFile(...args);
  }

  acceptAll(...args: readonly unknown[]): Promise<void> {
    return this.#meant(args).acceptAll(...args);
  }

  rejectAll(...args: readonly unknown[]): Promise<void> {
    return this.#meant(args).rejectAll(...args);
  }

  nextHunk(...args: readonly unknown[]): Promise<void> {
    return this.#meant(args).nextHunk(...args);
  }

  previousHunk(...args: readonly unknown[]): Promise<void> {
    return this.#meant(args).previousHunk(...args);
  }

  acceptTurn(...args: readonly unknown[]): Promise<void> {
    return this.#pending.acceptTurn(...args);
  }

  rejectTurn(...args: readonly unknown[]): Promise<void> {
    return this.#pending.rejectTurn(...args);
  }

  commentHunk(...args: readonly unknown[]): Promise<void> {
    return this.#pending.commentHunk(...args);
  }

  openPendingChanges(...args: readonly unknown[]): Promise<void> {
    return this.#pending.openPendingChanges(...args);
  }

  showAllPending(): Promise<void> {
    return this.#pending.showAllPending();
  }

  showAllProposed(): Promise<void> {
    return this.#proposals.showAllProposed();
  }

  #meant(args: readonly unknown[]): HunkHandlers {
    if (this.#pending.isMeant(...args)) return this.#pending;
    return this.#proposals.inFront(...args) ? this.#proposals : this.#pending;
  }
}
