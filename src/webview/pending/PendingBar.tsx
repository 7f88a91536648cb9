import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { PendingFileView } from '../../core/protocol/view';
import { ChangeCounts } from '../cards/ChangeCounts';
import { counted } from '../text/numbers';
import { Button } from '../ui/Button';
import { Confirm } from '../ui/Confirm';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';
import { PendingRow } from './PendingRow';

/** The edits that landed and wait to be reviewed: all at once, or file by file. */
export function PendingBar({ pending }: { readonly pending: readonly PendingFileView[] }) {
  const panel = usePanel();
  const unfolded = useSignal(false);
  if (pending.length === 0) return null;
  const changes = pending.reduce((sum, { hunks }) => sum + hunks, 0);
  const fileCount = counted(pending.length, 'file', 'files');
  const changeCount = counted(changes, 'change', 'changes');
  const count = `${fileCount}, ${changeCount}`;
  const all = (decision: 'accept' | 'reject'): void => {
    panel.post({ type: 'review.decide', decision });
    panel.focusComposer();
  };
  return (
    <section class="pending" aria-label={`${count} to review`}>
      <div class="pending-head">
        <button
          type="button"
          class="fold"
          aria-expanded={unfolded.value}
          onClick={() => (unfolded.value = !unfolded.value)}
        >
          <Icon name={unfolded.value ? 'chevronDown' : 'chevronRight'} />
          <span class="pending-title">
            {count}
            <span class="pending-rest"> to review</span>
          </span>
          <ChangeCounts additions={sumOf(pending, 'additions')} deletions={sumOf(pending, 'deletions')} />
        </button>
      </div>
      {unfolded.value && (
        <ul class="pending-files">
          {pending.map((file) => (
            <PendingRow key={file.path} file={file} last={pending.length === 1} />
          ))}
        </ul>
      )}
      <AllAnswers what={`${changeCount} in ${fileCount}`} decide={all} />
    </section>
  );
}

function sumOf(pending: readonly PendingFileView[], count: 'additions' | 'deletions'): number {
  return pending.reduce((sum, file) => sum + file[count], 0);
}

interface AllAnswersProps {
  /** How much waits, in words. */
  readonly what: string;
  readonly decide: (decision: 'accept' | 'reject') => void;
}

/** The answers to all files at once; taking all back is asked again. */
function AllAnswers({ what, decide }: AllAnswersProps) {
  const panel = usePanel();
  const rejecting = useSignal(false);
  const rejectAll = useRef<HTMLElement>(null);
  const wentBack = useRef(false);
  useLayoutEffect(() => {
    if (wentBack.current) rejectAll.current?.focus();
    wentBack.current = false;
  }, [rejecting.value]);
  return rejecting.value ? (
    <Confirm
      text={`Take back ${what}?`}
      yes="Reject all"
      onYes={() => {
        rejecting.value = false;
        decide('reject');
      }}
      onNo={() => {
        wentBack.current = true;
        rejecting.value = false;
      }}
    />
  ) : (
    <div class="actions">
      <Button appearance="primary" onClick={() => panel.post({ type: 'review.show' })}>
        Review
      </Button>
      <Button onClick={() => decide('accept')}>Accept all</Button>
      <Button buttonRef={rejectAll} onClick={() => (rejecting.value = true)}>
        Reject all
      </Button>
    </div>
  );
}
