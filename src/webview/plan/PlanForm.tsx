import { useSignal } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { PermissionId } from '../../core/protocol/ids';
import { autoMeans, modeTexts } from '../../core/protocol/modeTexts';
import type { ReviewMode } from '../../core/protocol/modes';
import { ReasonForm } from '../approvals/ReasonForm';
import { useArmed } from '../approvals/useArmed';
import { useSent } from '../approvals/useSent';
import type { Unread } from '../approvals/useWholeText';
import { counted } from '../text/numbers';
import { Button } from '../ui/Button';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';

type GoMode = Exclude<ReviewMode, 'plan'>;
const goModes: readonly GoMode[] = ['ask', 'review', 'auto'];

interface PlanFormProps {
  readonly permissionId: PermissionId;
  readonly unread: Unread;
}

/** The answer to a plan: go, in which mode; change it; or keep planning, and why. */
export function PlanForm({ permissionId, unread }: PlanFormProps) {
  const panel = usePanel();
  const { send, sent } = useSent();
  const reason = panel.cards.reason(permissionId);
  const comments = useMemo(() => panel.planComments.of(permissionId), [panel, permissionId]).value;
  const wentBack = useRef(false);
  const keep = (): void => {
    const text = (reason.peek() ?? '').trim();
    send((sessionId) => ({ type: 'plan.keep', sessionId, permissionId, reason: text, comments }));
  };
  return (
    <>
      {comments.length > 0 && (
        <p class="approval-reason">{counted(comments.length, 'comment goes', 'comments go')} with your answer.</p>
      )}
      {reason.value === undefined ? (
        <Answers
          {...{ permissionId, unread }}
          sent={sent.value}
          focused={wentBack.current}
          onGo={(mode) => send((sessionId) => ({ type: 'plan.go', sessionId, permissionId, mode, comments }))}
          onEdit={() => {
            const session = panel.session.peek();
            if (session) panel.post({ type: 'plan.edit', sessionId: session.sessionId, permissionId });
          }}
          onKeep={() => (reason.value = '')}
        />
      ) : (
        <ReasonForm
          text={reason.value}
          words={{ yes: 'Keep planning', label: 'What the plan lacks', placeholder: 'What should be different?' }}
          onInput={(text) => (reason.value = text)}
          onReject={keep}
          onCancel={() => {
            wentBack.current = true;
            reason.value = undefined;
          }}
        />
      )}
    </>
  );
}

interface AnswersProps {
  readonly unread: Unread;
  readonly sent: boolean;
  /** The person changed their mind about keeping on: the focus was there. */
  readonly focused: boolean;
  readonly onGo: (mode: GoMode) => void;
  readonly onEdit: () => void;
  readonly onKeep: () => void;
}

function Answers({ unread, sent, focused, onGo, onEdit, onKeep }: AnswersProps) {
  const mode = useSignal<GoMode>('ask');
  const { element, inSight } = useArmed();
  const keep = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (focused) keep.current?.focus();
  }, [focused]);
  return (
    <>
      {unread !== undefined && unread !== 'unknown' && (
        <p class="approval-unread">
          <Icon name={unread === 'beginning' ? 'up' : 'down'} />
          Scroll to the {unread} of the plan to go on
        </p>
      )}
      {mode.value === 'auto' && (
        <p class="approval-note">
          <Icon name="alert" />
          <span>{autoMeans}</span>
        </p>
      )}
      <div class="actions" ref={element}>
        <div class="go">
          <Button
            appearance="primary"
            className={unread === undefined ? '' : 'unread'}
            disabled={unread !== undefined || !inSight.value || sent}
            onClick={() => onGo(mode.value)}
          >
            Go<span class="visually-hidden"> in {modeTexts[mode.value].name}</span>
          </Button>
          <label class="go-mode">
            <span>in</span>
            <select
              aria-label="Mode to go on in"
              value={mode.value}
              onChange={({ currentTarget: { value } }) =>
                (mode.value = goModes.find((one) => one === value) ?? mode.value)
              }
            >
              {goModes.map((one) => (
                <option key={one} value={one}>
                  {modeTexts[one].name}
                </option>
              ))}
            </select>
          </label>
        </div>
        <Button onClick={onEdit}>Edit plan</Button>
        <Button buttonRef={keep} onClick={onKeep}>
          Keep planning
        </Button>
      </div>
    </>
  );
}
