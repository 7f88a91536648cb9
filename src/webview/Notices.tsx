import { useSignal } from '@preact/signals';
import { Icon, type IconName } from './ui/icons';
import { IconButton } from './ui/Button';
import { usePanel } from './ui/panelContext';
import { budgetNotice } from './text/spendingText';

/** What is said above the transcript: an op that failed, that sessions are not kept, that a budget comes to its end. */
export function Notices() {
  const panel = usePanel();
  const dismissed = useSignal('');
  const dismissedBudget = useSignal<unknown>(undefined);
  const problem = panel.problem.value;
  const storage = panel.app.value?.storageProblem;
  const storageShown = storage && storage.message !== dismissed.value;
  // 'reached' is said by the card of the turn that it ended.
  const warning = panel.session.value?.budgetWarning;
  const budget = warning?.level === 'near' && warning !== dismissedBudget.value ? warning : undefined;
  if (!problem && !storageShown && !budget) return null;
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
      {budget && (
        <Notice
          tone="warn"
          icon="alert"
          title={budgetNotice(budget)}
          text=""
          action={['Set budget…', () => panel.post({ type: 'command.run', command: 'countersign.setBudget' })]}
          onDismiss={() => (dismissedBudget.value = budget)}
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
  readonly action?: readonly [label: string, run: () => void];
  readonly onDismiss: () => void;
}

function Notice({ tone, icon, title, text, action, onDismiss }: NoticeProps) {
  return (
    <div class={`notice ${tone}`} role="alert">
      <Icon name={icon} />
      <p>
        <strong>{title}</strong> {text}{' '}
        {action && (
          <button type="button" class="text-button" onClick={action[1]}>
            {action[0]}
          </button>
        )}
      </p>
      <IconButton icon="close" label="Dismiss" onClick={onDismiss} />
    </div>
  );
}
