import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ApprovalSubject } from '../../core/protocol/toolCalls';
import type { ApprovalView } from '../../core/protocol/view';
import { Button } from '../ui/Button';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';
import { Remember } from './Remember';
import { useArmed } from './useArmed';
import type { Decide } from './useDecision';
import type { Unread } from './useWholeText';

interface AnswersProps {
  readonly approval: ApprovalView;
  /** What has to be seen before it can be approved. */
  readonly unread: Unread;
  readonly sent: boolean;
  readonly decide: Decide;
  /** Called when the person asked for the diff in the editor. */
  readonly onShow: () => void;
  /** A part of it is decided already: the answer is about the rest. */
  readonly isPartly: boolean;
  /** Where the focus was before the person changed their mind about rejecting. */
  readonly focused: 'reject' | undefined;
}

/** Approve, reject, and never ask this again. */
export function Answers({ approval, unread, sent, decide, onShow, isPartly, focused }: AnswersProps) {
  const panel = usePanel();
  const { subject, permissionId } = approval;
  const { element, inSight } = useArmed();
  const remembering = useSignal(false);
  const ready = unread === undefined && inSight.value && !sent;
  const reject = useRef<HTMLElement>(null);
  // Before the browser gives the focus, which was in what stood here, to the page.
  useLayoutEffect(() => {
    if (focused === 'reject') reject.current?.focus();
  }, [focused]);
  const show = (): void => {
    onShow();
    const session = panel.session.peek();
    if (session) panel.post({ type: 'approval.show', sessionId: session.sessionId, permissionId });
  };
  return (
    <>
      {unread !== undefined && unread !== 'unknown' && (
        <p class="approval-unread">
          <Icon name={hintIcons[unread]} />
          {hintOf(unread, subject)}
        </p>
      )}
      <div class="actions" ref={element}>
        <Button
          appearance="primary"
          className={unread === undefined ? '' : 'unread'}
          disabled={!ready}
          onClick={() => decide('allow')}
        >
          {remembering.value ? 'Approve once' : isPartly ? 'Approve rest' : 'Approve'}
        </Button>
        <Button buttonRef={reject} onClick={() => (panel.cards.reason(permissionId).value = '')}>
          {isPartly ? 'Reject rest' : 'Reject'}
        </Button>
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
        <Remember
          rules={subject.remember}
          unreviewed={subject.unreviewed ?? []}
          ready={ready}
          onRemember={(remember) => decide('allow', { remember })}
        />
      )}
    </>
  );
}

type Hinted = Exclude<Unread, 'unknown' | undefined>;
const hintIcons = { beginning: 'up', end: 'down', diff: 'diff' } as const;

/** What is left to do before it can be approved. */
function hintOf(unread: Hinted, subject: ApprovalSubject): string {
  if (unread === 'diff') return 'Show the diff to approve';
  if (subject.kind === 'edit' && subject.files.length > 1) return `Scroll to the ${unread} of each change to approve`;
  return `Scroll to the ${unread} to approve`;
}
