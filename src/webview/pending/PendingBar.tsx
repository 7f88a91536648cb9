import { useSignal } from '@preact/signals';
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
  const rejecting = useSignal(false);
  if (pending.length === 0) return null;
  const changes = pending.reduce((sum, { hunks }) => sum + hunks, 0);
  const text = `${counted(pending.length, 'file', 'files')}, ${counted(changes, 'change', 'changes')} to review`;
  const all = (decision: 'accept' | 'reject'): void => {
    panel.post({ type: 'review.decide', decision });
    panel.focusComposer();
  };
  return (
    <section class="pending" aria-label={text}>
      <div class="pending-head">
        <button
          type="button"
          class="fold"
          aria-expanded={unfolded.value}
          onClick={() => (unfolded.value = !unfolded.value)}
        >
          <Icon name={unfolded.value ? 'chevronDown' : 'chevronRight'} />
          <span class="pending-title">{text}</span>
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
      {rejecting.value ? (
        <Confirm
          text={`Take back ${counted(changes, 'change', 'changes')} in ${counted(pending.length, 'file', 'files')}?`}
          yes="Reject all"
          onYes={() => {
            rejecting.value = false;
            all('reject');
          }}
          onNo={() => (rejecting.value = false)}
        />
      ) : (
        <div class="actions">
          <Button appearance="primary" onClick={() => panel.post({ type: 'review.show' })}>
            Review
          </Button>
          <Button onClick={() => all('accept')}>Accept all</Button>
          <Button onClick={() => (rejecting.value = true)}>Reject all</Button>
        </div>
      )}
    </section>
  );
}

function sumOf(pending: readonly PendingFileView[], count: 'additions' | 'deletions'): number {
  return pending.reduce((sum, file) => sum + file[count], 0);
}
