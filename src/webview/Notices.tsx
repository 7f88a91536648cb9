import { Icon } from './ui/icons';
import { IconButton } from './ui/Button';
import { usePanel } from './ui/panelContext';

/** What is said above the transcript: an op that failed. */
export function Notices() {
  const panel = usePanel();
  const problem = panel.problem.value;
  if (!problem) return null;
  return (
    <div class="notices">
      <div class="notice error" role="alert">
        <Icon name="error" />
        <p>
          <strong>{problem.message}</strong> {problem.advice}
        </p>
        <IconButton icon="close" label="Dismiss" onClick={() => (panel.problem.value = undefined)} />
      </div>
    </div>
  );
}
