/** What a person says to a place in a plan. */
export interface PlanComment {
  /** The first line that it is about, from 1, in the plan as it was shown to them. */
  readonly line: number;
  /** That line as it stands there, at most 300 characters: the place is found again by it. */
  readonly quote: string;
  readonly text: string;
}
