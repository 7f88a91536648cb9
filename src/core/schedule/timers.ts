import { quietTimer } from '../util/quietTimer';

/** Calls back after `ms`; what is returned calls it off. A port, so that tests have a clock of their own. */
export interface Timers {
  /** @param ms at most 60,000 */
  set(ms: number, fire: () => void): () => void;
}

/** The timers of the process; none keeps it alive. */
export const quietTimers: Timers = { set: (ms, fire) => quietTimer(fire, ms) };
