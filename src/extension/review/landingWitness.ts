import type { EditConsent, FileChange } from '../../core/sandbox/sandbox';
import type { Landing } from '../landing';

/** A change with its final text, and how it reaches the disk. */
export interface PlannedLanding {
  readonly change: FileChange;
  readonly landing: Landing;
}

/** Hears of every edit that lands, before and after. */
export interface LandingWitness {
  /** Resolves when what is about to land is noted for good. @throws where it cannot be: then nothing lands. */
  expect(consent: EditConsent, planned: readonly PlannedLanding[]): Promise<ExpectedLanding>;
}

/** Exactly one of the two is called. @throws nothing. */
export interface ExpectedLanding {
  landed(): Promise<void>;
  /** What had landed was taken back, as far as that was possible. */
  failed(): Promise<void>;
}
