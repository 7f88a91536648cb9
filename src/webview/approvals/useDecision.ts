import type { ReadonlySignal } from '@preact/signals';
import type { Decision, RuleScope } from '../../core/protocol/toolCalls';
import type { ApprovalView } from '../../core/protocol/view';
import { useSent } from './useSent';

const maxNoteCharacters = 10_000;

export type Decide = (decision: Decision, more?: { readonly note?: string; readonly remember?: RuleScope }) => void;

/** Sends the decision of a person, once: see `useSent`. */
export function useDecision({ permissionId }: ApprovalView): {
  readonly decide: Decide;
  readonly sent: ReadonlySignal<boolean>;
} {
  const { send, sent } = useSent();
  const decide: Decide = (decision, { note = '', remember } = {}) =>
    send((sessionId) => ({
      ...{ type: 'approval.decide', sessionId, permissionId, decision },
      ...(note.trim() !== '' && { note: note.trim().slice(0, maxNoteCharacters) }),
      ...(remember && { remember }),
    }));
  return { decide, sent };
}
