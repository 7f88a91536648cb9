import { Disposables } from '../../core/util/disposables';
import { quietTimer } from '../../core/util/quietTimer';
import type { AgentId } from '../../core/protocol/ids';
import type { Judgment } from './pendingReviews';

export interface JudgmentNewsPorts {
  readonly onDidJudge: (listener: (judgment: Judgment) => void) => { dispose(): void };
  /** Tells the agent before its next step, of these files too that they have changed. */
  readonly tell: (agentId: AgentId, text: string, changed: readonly string[]) => Promise<void>;
  readonly reportError: (what: string, error: unknown) => void;
}

/** Decisions on many files come one after the other; the agent hears of them together. */
const gatherMs = 100;

/** Tells each agent what the user made of its edits, so that its next step goes on from there. */
export class JudgmentNews {
  readonly #ports: JudgmentNewsPorts;
  readonly #owned = new Disposables();
  readonly #waiting = new Map<AgentId, Judgment[]>();
  #stopTimer: (() => void) | undefined;

  constructor(ports: JudgmentNewsPorts) {
    this.#ports = ports;
    this.#owned.add(ports.onDidJudge((judgment) => this.#take(judgment)));
  }

  /** Tells what has gathered. @throws nothing. */
  async flush(): Promise<void> {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    const { tell, reportError } = this.#ports;
    const failed = (error: unknown): void => reportError('An agent could not be told of a decision', error);
    const news = waiting.map(([agentId, judgments]) =>
      tell(agentId, judgmentText(judgments), changedBy(judgments)).catch(failed),
    );
    await Promise.all(news);
  }

  dispose(): void {
    this.#stopTimer?.();
    this.#owned.dispose();
  }

  #take(judgment: Judgment): void {
    const gathered = this.#waiting.get(judgment.agentId) ?? [];
    this.#waiting.set(judgment.agentId, [...gathered, judgment]);
    this.#stopTimer ??= quietTimer(() => void this.flush(), gatherMs);
  }
}

const maxDiffCharacters = 3_000;

/** The files that are not as the agent left them. */
function changedBy(judgments: readonly Judgment[]): readonly string[] {
  return judgments.flatMap(({ decision, display }) => (decision === 'rejected' ? [display] : []));
}

/** For the model: what was taken back, word for word, and why. */
export function judgmentText(judgments: readonly Judgment[]): string {
  return judgments.map(lineOf).join('\n');
}

function lineOf({ decision, display, hunks, diff, touched, reason }: Judgment): string {
  const changes = hunks === 1 ? 'your change' : `${hunks} of your changes`;
  const mixed = touched ? ', with changes of their own inside' : '';
  if (decision === 'accepted') return `The user accepted ${changes} in ${display}${mixed}.`;
  const why = reason.trim() === '' ? '' : ` Their reason: ${reason.trim()}`;
  const shown = diff.length > maxDiffCharacters ? `${diff.slice(0, maxDiffCharacters)}\n(and more)` : diff;
  const taken = shown === '' ? '' : ` What was taken back:\n${shown}`;
  return `The user rejected ${changes} in ${display}${mixed}; the file holds what stood there before.${why}${taken}`;
}
