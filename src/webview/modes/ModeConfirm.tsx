import { autoMeans, modeTexts } from '../../core/protocol/modeTexts';
import type { AppView } from '../../core/protocol/view';
import { Confirm } from '../ui/Confirm';
import { usePanel } from '../ui/panelContext';

/** Before a wide mode is in force for the first time: what it means, in one sentence. */
export function ModeConfirm({ app: { modeToConfirm, mode, activeSessionId } }: { readonly app: AppView }) {
  const panel = usePanel();
  if (!modeToConfirm || !activeSessionId) return null;
  const set = (chosen: typeof mode): void => {
    panel.post({ type: 'mode.set', sessionId: activeSessionId, mode: chosen, confirmed: true });
    panel.focusComposer();
  };
  return (
    <div class="mode-confirm">
      <Confirm
        text={autoMeans}
        yes={`Switch to ${modeTexts[modeToConfirm].name}`}
        onYes={() => set(modeToConfirm)}
        onNo={() => set(mode)}
      />
    </div>
  );
}
