import { Icon } from './ui/icons';
import { IconButton } from './ui/Button';
import { usePanel } from './ui/panelContext';
import { useSignal } from '@preact/signals';

/** What is said above the transcript: an op that failed, sessions that a reload lost. */
export function Notices() {
  const panel = usePanel();
  const lossRead = useSignal(false);
  const problem = panel.problem.value;
  const lost = panel.app.value?.lostSessions === true && !lossRead.value;
  if (!problem && !lost) return null;
  return (
    <div class="notices">
      {problem && (
        <div class="notice error" role="alert">
          <Icon name="error" />
          <p>
            <strong>{problem.message}</strong> {problem.advice}
          </p>
          <IconButton icon="close" label="Dismiss" onClick={() => (panel.problem.value = undefined)} />
        </div>
      )}
      {lost && (
        <div class="notice info">
          <Icon name="history" />
          <p>Sessions are not kept over a reload yet.</p>
          <IconButton icon="close" label="Dismiss" onClick={() => (lossRead.value = true)} />
        </div>
      )}
    </div>
  );
}
