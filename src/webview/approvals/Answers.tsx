import { useSignal } from '@preact/signals';
import type { ApprovalView } from '../../core/protocol/view';
import { Button } from '../ui/Button';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';
import { useInSight } from '../ui/useInSight';
import { Remember } from './Remember';
import type { Decide } from './useDecision';
import type { Unread } from './useWholeText';

/** A click that was meant for what stood here before must not approve: the button answers only after being in sight so long. */
const armedAfterMs = 300;

interface AnswersProps {
  readonly approval: ApprovalView;
  /** What has to be seen before it can be approved. */
  readonly unread: Unread;
  readonly sent: boolean;
  readonly decide: Decide;
}

/** Approve, reject, and never ask this again. */
export function Answers({ approval, unread, sent, decide }: AnswersProps) {
  const panel = usePanel();
  const { subject, permissionId } = approval;
  const { element, inSight } = useInSight(armedAfterMs);
  const remembering = useSignal(false);
  const ready = unread === undefined && inSight.value && !sent;
  const show = (): void => {
    const session = panel.session.peek();
    if (session) panel.post({ type: 'approval.show', sessionId: session.sessionId, permissionId });
  };
  return (
    <>
      {unread !== undefined && unread !== 'unknown' && (
        <p class="approval-unread">
          <Icon name={unread === 'end' ? 'down' : 'up'} />
          Scroll to the {unread} to approve
        </p>
      )}
      <div class="actions" ref={element}>
        <Button
          appearance="primary"
          className={unread === undefined ? '' : 'unread'}
          disabled={!ready}
          onClick={() => decide('allow')}
        >
          Approve
        </Button>
        <Button onClick={() => (panel.cards.reason(permissionId).value = '')}>Reject</Button>
        {subject.kind === 'edit' && <Button onClick={show}>Show diff</Button>}
        {subject.remember && subject.remember.length > 0 && (
          <button
            type="button"
            class="text-button remember-button"
            aria-expanded={remembering.value}
            onClick={() => (remembering.value = !remembering.value)}
          >
            Don’t ask again
            <Icon name={remembering.value ? 'chevronDown' : 'chevronRight'} />
          </button>
        )}
      </div>
      {remembering.value && subject.remember && (
        <Remember rules={subject.remember} ready={ready} onRemember={(remember) => decide('allow', { remember })} />
      )}
    </>
  );
}
