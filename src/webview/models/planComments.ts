import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { PlanComment } from '../../core/protocol/plans';

/** The comments on one waiting plan. */
export interface KeptComments {
  readonly permissionId: string;
  readonly comments: readonly PlanComment[];
}

/** What a person has said to waiting plans and not sent yet: kept by the webview itself, like the draft. */
export interface PlanComments {
  readonly all: ReadonlySignal<readonly KeptComments[]>;
  of(permissionId: string): ReadonlySignal<readonly PlanComment[]>;
  set(permissionId: string, comments: readonly PlanComment[]): void;
}

/** Of so many plans comments are kept; those of the plan that was commented on the longest time ago go. */
const keptPlans = 10;

export function createPlanComments(kept: readonly KeptComments[]): PlanComments {
  const all = signal(kept);
  return {
    all,
    of: (permissionId) => computed(() => all.value.find((one) => one.permissionId === permissionId)?.comments ?? []),
    set(permissionId, comments) {
      const others = all.peek().filter((one) => one.permissionId !== permissionId);
      all.value = comments.length === 0 ? others : [...others, { permissionId, comments }].slice(-keptPlans);
    },
  };
}
