import { useSignal } from '@preact/signals';
import type { ApprovalView } from '../../core/protocol/view';
import { Button } from '../ui/Button';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';
import { useInSight } from '../ui/useInSight';
import { Remember } from './Remember';
import type { Decide } from './useDecision';

/** A click that was meant for what stood here before must not approve: the button answers only after being in sight so long. */
const armedAfterMs = 300;

interface AnswersProps {
  readonly approval: ApprovalView;
  /** Whether the whole of what is asked has been in sight. */
  readonly read: boolean;
  readonly sent: boolean;
  readonly decide: Decide;
}

/** Approve, reject, and never ask this again. */
export function Answers({ approval, read, sent, decide }: AnswersProps) {
  const panel = usePanel();
  const { subject, permissionId } = approval;
  const { element, inSight } = useInSight(armedAfterMs);
  const remembering = useSignal(false);
  const ready = read && inSight.value && !sent;
  const show = (): void => {
    const session = panel.session.peek();
    if (session) panel.post({ type: 'approval.show', sessionId: session.sessionId, permissionId });
  };
  return (
    <>
      {!read && (
        <p class="approval-unread">
          <Icon name="down" />
          Scroll to the end to approve
        </p>
      )}
      <div class="actions" ref={element}>
        <Button appearance="primary" className={read ? '' : 'unread'} disabled={!ready} onClick={() => decide('allow')}>
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
