import type { ProposalProgress } from '../../core/protocol/view';
import { Icon } from '../ui/icons';

/** What was decided of a proposal in the editor already, and what an answer to the rest means. */
export function Progress({ progress }: { readonly progress: ProposalProgress }) {
  return (
    <p class="containment progress" role="status">
      <Icon name="diff" />
      <span>{sentencesOf(progress)}</span>
    </p>
  );
}

function sentencesOf({ accepted, rejected, left, changed }: ProposalProgress): string {
  const done = [
    ...(accepted > 0 ? [`${accepted} accepted`] : []),
    ...(rejected > 0 ? [`${rejected} rejected`] : []),
    `${left} left`,
  ];
  return [
    ...(accepted + rejected > 0 ? [`In the editor: ${done.join(', ')}.`] : []),
    ...(changed ? ['You changed the proposal: your text lands.'] : []),
    ...(accepted > 0 ? ['What you accepted lands even if you reject the rest.'] : []),
  ].join(' ');
}
