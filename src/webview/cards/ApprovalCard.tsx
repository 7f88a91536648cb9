import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ApprovalSubject, Decision } from '../../core/protocol/toolCalls';
import type { ApprovalView } from '../../core/protocol/view';
import { assertNever } from '../../core/util/assertNever';
import { visibleText } from '../text/visibleText';
import { Button } from '../ui/Button';
import { usePanel } from '../ui/panelContext';
import { EditCard } from './EditCard';
import { ReasonForm } from './ReasonForm';

/** A click that was meant for what stood here before must not approve: the button answers only after this time. */
const armedAfterMs = 300;
/** A decision that nothing answers can be tried again after this time. */
const answeredWithinMs = 3000;

/** The question: exactly what will happen, in plain text, and the answers. */
export function ApprovalCard({ approval }: { readonly approval: ApprovalView }) {
  const { subject, permissionId } = approval;
  const panel = usePanel();
  const reason = panel.cards.reason(permissionId);
  const { decide, ready } = useDecision(approval);
  return (
    <section class="approval" aria-label="Approval needed">
      {subject.reason !== '' && <p class="approval-reason">{visibleText(subject.reason)}</p>}
      <Subject subject={subject} />
      {panel.readOnly.value ? (
        <p class="approval-reason">It cannot be answered here while the session is read only.</p>
      ) : reason.value === undefined ? (
        <Answers approval={approval} ready={ready} decide={decide} />
      ) : (
        <ReasonForm
          text={reason.value}
          onInput={(text) => (reason.value = text)}
          onReject={() => decide('deny')}
          onCancel={() => (reason.value = undefined)}
        />
      )}
    </section>
  );
}

type Decide = (decision: Decision, remember?: 'session') => void;

function useDecision({ permissionId }: ApprovalView): { readonly decide: Decide; readonly ready: boolean } {
  const panel = usePanel();
  const ready = useSignal(false);
  const rest = useSignal(armedAfterMs);
  useEffect(() => {
    if (ready.value) return undefined;
    const timer = setTimeout(() => (ready.value = true), rest.value);
    return () => clearTimeout(timer);
  }, [ready.value, rest.value]);
  const decide: Decide = (decision, remember) => {
    const session = panel.session.peek();
    if (!session || !ready.peek()) return;
    const note = panel.cards.reason(permissionId).peek()?.trim() ?? '';
    panel.post({
      ...{ type: 'approval.decide', sessionId: session.sessionId, permissionId, decision },
      ...(decision === 'deny' && note !== '' && { note: note.slice(0, 10_000) }),
      ...(remember && { remember }),
    });
    rest.value = answeredWithinMs;
    ready.value = false;
    panel.focusComposer();
  };
  return { decide, ready: ready.value };
}

interface AnswersProps {
  readonly approval: ApprovalView;
  readonly ready: boolean;
  readonly decide: Decide;
}

function Answers({ approval, ready, decide }: AnswersProps) {
  const panel = usePanel();
  const { subject, permissionId } = approval;
  const show = (): void => {
    const session = panel.session.peek();
    if (session) panel.post({ type: 'approval.show', sessionId: session.sessionId, permissionId });
  };
  return (
    <div class="actions">
      <Button appearance="primary" disabled={!ready} onClick={() => decide('allow')}>
        Approve
      </Button>
      <Button onClick={() => (panel.cards.reason(permissionId).value = '')}>Reject</Button>
      {subject.kind === 'edit' && <Button onClick={show}>Show diff</Button>}
      {subject.kind === 'command' && (
        <Button disabled={!ready} onClick={() => decide('allow', 'session')}>
          Allow for this session
        </Button>
      )}
    </div>
  );
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
    case 'tool':
      return 'Use this tool?';
    default:
      return assertNever(subject);
  }
}

function Subject({ subject }: { readonly subject: ApprovalSubject }) {
  switch (subject.kind) {
    case 'command':
      return (
        <>
          <SubjectText text={subject.command} label="Command" />
          <p class="approval-where">
            in <code>{visibleText(subject.cwd === '' ? '.' : subject.cwd)}</code>
          </p>
        </>
      );
    case 'edit':
      return <EditCard files={subject.files} />;
    case 'fetch':
      return <SubjectText text={subject.url} label="Address" />;
    case 'question':
      return <SubjectText text={subject.question} label="Question" />;
    case 'tool':
      return (
        <>
          <p class="approval-where">
            <code>{visibleText(subject.name)}</code> with
          </p>
          <SubjectText text={subject.input} label="Input" />
        </>
      );
    default:
      return assertNever(subject);
  }
}

function SubjectText({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <pre class="subject" tabIndex={0} role="group" aria-label={label}>
      {visibleText(text)}
    </pre>
  );
}
