import { PermissionError } from '../errors';
import type { PermissionId } from '../protocol/ids';
import type { ApprovalSubject, DecidedBy, Decision, RuleScope, ToolCallRecord } from '../protocol/toolCalls';
import { deferred, type Deferred } from '../util/deferred';

/** An answer to an open question. */
export interface Answer {
  readonly decision: Decision;
  readonly decidedBy: DecidedBy;
  readonly note?: string;
  /** What the question's `remember` lists may run unasked from now on, in this scope. */
  readonly remember?: RuleScope;
}

/** A question that waits for a decision: `agent.decide(permissionId, …)` answers it. */
export interface OpenApproval {
  readonly permissionId: PermissionId;
  readonly call: ToolCallRecord;
  readonly subject: ApprovalSubject;
}

/** The questions that wait for an answer. The first answer wins; later ones are told so. */
export class Approvals {
  readonly #open = new Map<PermissionId, OpenApproval & { readonly answer: Deferred<Answer> }>();
  readonly #closed = new Map<PermissionId, Decision>();

  get open(): readonly OpenApproval[] {
    return [...this.#open.values()];
  }

  isOpen(permissionId: PermissionId): boolean {
    return this.#open.has(permissionId);
  }

  /** Adds a question. The promise resolves with the first answer, an abort denies. */
  ask(approval: OpenApproval, signal: AbortSignal): Promise<Answer> {
    const answer = deferred<Answer>();
    this.#open.set(approval.permissionId, { ...approval, answer });
    const onAbort = (): void => this.#settle(approval.permissionId, abortAnswer);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    return answer.promise.finally(() => signal.removeEventListener('abort', onAbort));
  }

  /** @throws PermissionError 'unknown_permission' | 'already_decided'. */
  decide(permissionId: PermissionId, answer: Answer): void {
    if (this.#open.has(permissionId)) {
      this.#settle(permissionId, answer);
      return;
    }
    const earlier = this.#closed.get(permissionId);
    if (earlier)
      throw new PermissionError(
        'already_decided',
        `This was ${earlier === 'allow' ? 'approved' : 'rejected'} already.`,
        {
          advice: 'The first answer counts. Nothing was changed by this one.',
        },
      );
    throw new PermissionError('unknown_permission', `There is no open question ${JSON.stringify(permissionId)}.`, {
      advice: 'Look at the open approvals of this session; it may have been ended.',
    });
  }

  #settle(permissionId: PermissionId, answer: Answer): void {
    const approval = this.#open.get(permissionId);
    if (!approval) return;
    this.#open.delete(permissionId);
    this.#closed.set(permissionId, answer.decision);
    approval.answer.resolve(answer);
  }
}

const abortAnswer: Answer = {
  decision: 'deny',
  decidedBy: 'runtime',
  note: 'The turn was stopped before an answer came.',
};
