import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { ApprovalSubject } from '../../core/protocol/toolCalls';
import type { ApprovalView } from '../../core/protocol/view';
import { assertNever } from '../../core/util/assertNever';
import { PlanForm } from '../plan/PlanForm';
import { usePanel } from '../ui/panelContext';
import { Answers } from './Answers';
import { AskedBy } from './AskedBy';
import { ContainmentLine } from './ContainmentLine';
import { Progress } from './Progress';
import { QuestionForm } from './QuestionForm';
import { ReasonForm } from './ReasonForm';
import { needsReading, Subject } from './Subject';
import { useDecision } from './useDecision';
import type { Unread } from './useWholeText';
import { Why } from './Why';

/** The question: exactly what will happen, in plain text, and the answers. Key it by `approvalKey`: another question is read anew. */
export function ApprovalCard({ approval }: { readonly approval: ApprovalView }) {
  const { subject } = approval;
  const panel = usePanel();
  const progress = panel.app.value?.proposals?.find(({ permissionId }) => permissionId === approval.permissionId);
  const left = useSignal<Unread>(needsReading(subject) ? 'unknown' : undefined);
  const shown = useSignal(false);
  const unread = left.value === 'diff' && shown.value ? undefined : left.value;
  return (
    <section class="approval" aria-label={isApproval(subject) ? 'Approval needed' : questionOf(subject)}>
      {subject.from && <AskedBy from={subject.from} />}
      <Subject approval={approval} unread={unread} onSeen={(now) => (left.value = now)} />
      {subject.kind === 'command' && <ContainmentLine subject={subject} />}
      <Why subject={subject} />
      {progress && <Progress progress={progress} />}
      {panel.readOnly.value ? (
        <p class="approval-reason">It cannot be answered here while the session is read only.</p>
      ) : (
        <Reply
          {...{ approval, unread }}
          isPartly={progress !== undefined && progress.accepted + progress.rejected > 0}
          onShow={() => (shown.value = true)}
        />
      )}
    </section>
  );
}

/** Changes with what is asked, so that nothing of one question is taken as read or armed for another. */
export function approvalKey({ permissionId, subject }: ApprovalView): string {
  return permissionId + JSON.stringify(subject);
}

interface ReplyProps {
  readonly approval: ApprovalView;
  readonly unread: Unread;
  /** A part of it is decided already. */
  readonly isPartly: boolean;
  readonly onShow: () => void;
}

function Reply({ approval, unread, isPartly, onShow }: ReplyProps) {
  const wentBack = useRef(false);
  const reason = usePanel().cards.reason(approval.permissionId);
  const { decide, sent } = useDecision(approval);
  const { subject, permissionId } = approval;
  if (subject.kind === 'question')
    return <QuestionForm permissionId={permissionId} subject={subject} sent={sent.value} decide={decide} />;
  if (subject.kind === 'plan') return <PlanForm permissionId={permissionId} unread={unread} />;
  if (reason.value === undefined)
    return (
      <Answers
        {...{ approval, unread, decide, onShow, isPartly }}
        sent={sent.value}
        focused={wentBack.current ? 'reject' : undefined}
      />
    );
  return (
    <ReasonForm
      text={reason.value}
      onInput={(text) => (reason.value = text)}
      onReject={() => decide('deny', { note: reason.peek() ?? '' })}
      onCancel={() => {
        wentBack.current = true;
        reason.value = undefined;
      }}
    />
  );
}

/** Whether it is about an effect, and not about what the person thinks. */
function isApproval({ kind }: ApprovalSubject): boolean {
  return kind !== 'question' && kind !== 'plan';
}

/** What is asked, as the title of the card. */
export function questionOf(subject: ApprovalSubject): string {
  switch (subject.kind) {
    case 'command':
      return subject.background ? 'Run this command in the background?' : 'Run this command?';
    case 'edit':
      return subject.files.length === 1 ? 'Make this change?' : `Change these ${subject.files.length} files?`;
    case 'fetch':
      return 'Read this page?';
    case 'question':
      return 'The agent asks';
    case 'plan':
      return 'Go with this plan?';
    case 'tool':
      return 'Use this tool?';
    default:
      return assertNever(subject);
  }
}
