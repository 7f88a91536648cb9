import { PermissionError } from '../../core/errors';
import type { AgentId, PermissionId } from '../../core/protocol/ids';
import type { ReviewMode } from '../../core/protocol/modes';
import type { PlanComment } from '../../core/protocol/plans';
import type { Decision } from '../../core/protocol/toolCalls';
import { planAnswer, type PlanAnswer } from '../../core/tools/planAnswer';
import type { SessionModes } from '../modes/sessionModes';
import type { Sessions } from '../sessions/sessions';
import type { PlanDocuments } from './planDocuments';

export interface PlanActionsPorts {
  readonly sessions: Pick<Sessions, 'agentFor'>;
  readonly modes: Pick<SessionModes, 'set'>;
  readonly documents: Pick<PlanDocuments, 'text' | 'open'>;
}

interface WaitingPlan {
  readonly title: string;
  readonly written: string;
  readonly answer: (
    decision: Decision,
    answer: PlanAnswer['answer'],
    comments: readonly PlanComment[],
  ) => Promise<void>;
}

/** What a person does with a plan that waits. */
export class PlanActions {
  readonly #ports: PlanActionsPorts;

  constructor(ports: PlanActionsPorts) {
    this.#ports = ports;
  }

  async edit(sessionId: AgentId, permissionId: PermissionId): Promise<void> {
    const plan = await this.#find(sessionId, permissionId);
    await this.#ports.documents.open(permissionId, plan.title, plan.written);
  }

  /** The session goes on in this mode; the panel has said what it means. @throws PermissionError where the plan does not wait any more */
  async go(
    sessionId: AgentId,
    permissionId: PermissionId,
    mode: Exclude<ReviewMode, 'plan'>,
    comments: readonly PlanComment[],
  ): Promise<void> {
    const plan = await this.#find(sessionId, permissionId);
    // Before the answer: the next call is made by it.
    await this.#ports.modes.set(sessionId, mode, true);
    await plan.answer('allow', { kind: 'go', mode }, comments);
  }

  async keep(
    sessionId: AgentId,
    permissionId: PermissionId,
    reason: string,
    comments: readonly PlanComment[],
  ): Promise<void> {
    const plan = await this.#find(sessionId, permissionId);
    await plan.answer('deny', { kind: 'keep', reason }, comments);
  }

  /** @throws PermissionError 'unknown_permission' where no plan waits under this id: nothing else is answered this way. */
  async #find(sessionId: AgentId, permissionId: PermissionId): Promise<WaitingPlan> {
    const agent = await this.#ports.sessions.agentFor(sessionId);
    const open = agent.openApprovals.find((one) => one.permissionId === permissionId);
    if (open?.subject.kind !== 'plan')
      throw new PermissionError('unknown_permission', 'This plan does not wait for an answer any more.', {
        advice: 'Look at the end of the conversation.',
      });
    const { title, text: written } = open.subject;
    return {
      ...{ title, written },
      answer: async (decision, answer, comments) => {
        const left = this.#ports.documents.text(permissionId) ?? written;
        await agent.decide(permissionId, decision, planAnswer({ answer, written, left, comments }));
      },
    };
  }
}
