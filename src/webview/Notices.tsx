import { useSignal } from '@preact/signals';
import { Icon, type IconName } from './ui/icons';
import { IconButton } from './ui/Button';
import { usePanel } from './ui/panelContext';

/** What is said above the transcript: an op that failed, and that sessions are not kept. */
export function Notices() {
  const panel = usePanel();
  const dismissed = useSignal('');
  const problem = panel.problem.value;
  const storage = panel.app.value?.storageProblem;
  const storageShown = storage && storage.message !== dismissed.value;
  if (!problem && !storageShown) return null;
  return (
    <div class="notices">
      {problem && (
        <Notice
          tone="error"
          icon="error"
          title={problem.message}
          text={problem.advice}
          onDismiss={() => (panel.problem.value = undefined)}
        />
      )}
      {storageShown && (
        <Notice
          tone="warn"
          icon="alert"
          title={storage.message}
          text={storage.advice}
          onDismiss={() => (dismissed.value = storage.message)}
        />
      )}
    </div>
  );
}

interface NoticeProps {
  readonly tone: 'warn' | 'error';
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly onDismiss: () => void;
}

function Notice({ tone, icon, title, text, onDismiss }: NoticeProps) {
  return (
    <div class={`notice ${tone}`} role="alert">
      <Icon name={icon} />
      <p>
        <strong>{title}</strong> {text}
      </p>
      <IconButton icon="close" label="Dismiss" onClick={onDismiss} />
    </div>
  );
}
