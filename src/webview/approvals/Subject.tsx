import type { ApprovalSubject } from '../../core/protocol/toolCalls';
import type { ApprovalView } from '../../core/protocol/view';
import { assertNever } from '../../core/util/assertNever';
import { changesNeedReading, EditCard } from '../cards/EditCard';
import { PlanText } from '../plan/PlanText';
import { visibleProse, visibleText } from '../text/visibleText';
import { FolderText } from '../ui/FolderText';
import { SubjectText } from './SubjectText';
import type { Unread } from './useWholeText';

interface SubjectProps {
  readonly approval: ApprovalView;
  readonly unread: Unread;
  readonly onSeen: (unread: Unread) => void;
}

/** What is asked about, by its kind. */
export function Subject({ approval: { subject, permissionId }, unread, onSeen }: SubjectProps) {
  const reading = { unread, onSeen };
  switch (subject.kind) {
    case 'command':
      return (
        <>
          <SubjectText text={subject.command} label="Command" {...reading} />
          <p class="approval-where">
            <FolderText cwd={subject.cwd} />
          </p>
        </>
      );
    case 'edit':
      return <EditCard files={subject.files} onSeen={onSeen} />;
    case 'fetch':
      return (
        <>
          <SubjectText text={subject.url} label="Address" host={subject.host} {...reading} />
          <p class="approval-where">
            from <code>{visibleText(subject.host)}</code>
          </p>
        </>
      );
    case 'question':
      return <p class="question-text">{visibleProse(subject.question)}</p>;
    case 'plan':
      return <PlanText permissionId={permissionId} text={subject.text} {...reading} />;
    case 'tool':
      return (
        <>
          <p class="approval-where">
            <code>{visibleText(subject.name)}</code> with
          </p>
          <SubjectText text={subject.input} label="Input" {...reading} />
        </>
      );
    default:
      return assertNever(subject);
  }
}

/** Whether its text has to be seen as a whole before it can be approved. */
export function needsReading(subject: ApprovalSubject): boolean {
  const { kind } = subject;
  if (kind === 'edit') return changesNeedReading(subject.files);
  return kind === 'command' || kind === 'fetch' || kind === 'plan' || kind === 'tool';
}
