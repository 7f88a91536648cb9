import type { DecidedBy, Decision } from '../../core/protocol/toolCalls';
import type { ApprovalView } from '../../core/protocol/view';
import { visibleText } from '../text/visibleText';

const words: Readonly<Record<`${DecidedBy} ${Decision}`, string>> = {
  'user allow': 'You approved this',
  'user deny': 'You rejected this',
  'policy allow': 'Allowed by your rules',
  'policy deny': 'Not allowed by your rules',
  'runtime allow': 'Allowed',
  'runtime deny': 'Withdrawn before you answered',
};

/** Who decided, and what they said with it. */
export function DecisionNote({ approval }: { readonly approval: ApprovalView }) {
  const { decision, decidedBy, note } = approval;
  // An approval without words needs no line of its own: the state says what became of it.
  if (!decision || !decidedBy || (decision === 'allow' && decidedBy === 'user' && !note)) return null;
  return (
    <p class="decision">
      {words[`${decidedBy} ${decision}`]}
      {note ? <q class="decision-note">{visibleText(note)}</q> : null}
    </p>
  );
}
