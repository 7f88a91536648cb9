import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Decision, RuleScope } from '../../core/protocol/toolCalls';
import type { ApprovalView } from '../../core/protocol/view';
import { usePanel } from '../ui/panelContext';

/** A decision that nothing answers can be tried again after this time. */
const answeredWithinMs = 3000;
const maxNoteCharacters = 10_000;

export type Decide = (decision: Decision, more?: { readonly note?: string; readonly remember?: RuleScope }) => void;

/** Sends the answer of a person, once: `sent` is true until it is clear that nobody takes it. */
export function useDecision({ permissionId }: ApprovalView): {
  readonly decide: Decide;
  readonly sent: ReadonlySignal<boolean>;
} {
  const panel = usePanel();
  const sent = useSignal(false);
  useEffect(() => {
    if (!sent.value) return undefined;
    const timer = setTimeout(() => (sent.value = false), answeredWithinMs);
    return () => clearTimeout(timer);
  }, [sent.value]);
  const decide: Decide = (decision, { note = '', remember } = {}) => {
    const session = panel.session.peek();
    if (!session || sent.peek()) return;
    panel.post({
      ...{ type: 'approval.decide', sessionId: session.sessionId, permissionId, decision },
      ...(note.trim() !== '' && { note: note.trim().slice(0, maxNoteCharacters) }),
      ...(remember && { remember }),
    });
    sent.value = true;
    panel.focusComposer();
  };
  return { decide, sent };
}
