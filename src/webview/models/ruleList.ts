import { signal, type ReadonlySignal } from '@preact/signals';
import type { HostMessage, Op } from '../../core/protocol/ops';
import type { RuleView } from '../../core/protocol/toolCalls';

/** The open list of what runs unasked. */
export interface RuleList {
  readonly isOpen: ReadonlySignal<boolean>;
  /** The last that the host told; undefined before. */
  readonly rules: ReadonlySignal<readonly RuleView[] | undefined>;
  readonly open: () => void;
  readonly close: () => void;
  readonly remove: (ruleId: string) => void;
  readonly receive: (message: Extract<HostMessage, { type: 'rules' }>) => void;
}

export function createRuleList(post: (op: Op) => void): RuleList {
  const isOpen = signal(false);
  const rules = signal<readonly RuleView[] | undefined>(undefined);
  return {
    ...{ isOpen, rules },
    open() {
      if (isOpen.value) return;
      rules.value = undefined;
      isOpen.value = true;
      post({ type: 'rules.open' });
    },
    close() {
      if (!isOpen.value) return;
      isOpen.value = false;
      post({ type: 'rules.close' });
    },
    remove: (ruleId) => post({ type: 'rule.remove', ruleId }),
    receive: (message) => (rules.value = message.rules),
  };
}
