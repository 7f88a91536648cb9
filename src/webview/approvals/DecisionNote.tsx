import type { ApprovalSubject, DecidedBy, Decision } from '../../core/protocol/toolCalls';
import type { ApprovalView } from '../../core/protocol/view';
import { visibleProse } from '../text/visibleText';

type Words = Readonly<Record<`${DecidedBy} ${Decision}`, string>>;
const words: Words = {
  'user allow': 'You approved this',
  'user deny': 'You rejected this',
  'policy allow': 'Allowed by your rules',
  'policy deny': 'Not allowed by your rules',
  'runtime allow': 'Allowed',
  'runtime deny': 'Withdrawn before you answered',
};
const ofQuestions: Words = { ...words, 'user allow': 'You answered', 'user deny': 'You skipped this question' };

const ofPlans: Words = { ...words, 'user allow': 'You answered', 'user deny': 'You answered' };

/** Who decided, and what they said with it. */
export function DecisionNote({ approval }: { readonly approval: ApprovalView }) {
  const { decision, decidedBy, note, subject } = approval;
  // An approval without words needs no line of its own: the state says what became of it.
  if (!decision || !decidedBy || (decision === 'allow' && decidedBy === 'user' && !note)) return null;
  if (subject.kind === 'plan' && note && decidedBy === 'user')
    return <p class="decision">{visibleProse(planNote(note))}</p>;
  return (
    <p class="decision">
      {wordsFor(subject)[`${decidedBy} ${decision}`]}
      {note ? <q class="decision-note">{visibleProse(note)}</q> : null}
    </p>
  );
}

function wordsFor({ kind }: ApprovalSubject): Words {
  return kind === 'question' ? ofQuestions : kind === 'plan' ? ofPlans : words;
}

/** The answer to a plan, which may hold the whole plan, is written for the model; its first line says it in short. */
function planNote(note: string): string {
  return (note.split('\n', 1)[0] ?? '').replace('. The user ', '. You ');
}
