import type { SessionView } from '../../core/protocol/view';
import { restoreText } from '../text/restoreText';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';
import type { ItemOf } from './itemOf';

/** That files or the conversation went back, and the way to undo it. */
export function RestoreCard({ item }: { readonly item: ItemOf<'restore'> }) {
  const panel = usePanel();
  const session = panel.session.value;
  const canUndo = session?.state === 'READY' && !panel.readOnly.value && isUndoable(item, session);
  const undo = (): void => {
    if (!session) return;
    panel.post({ type: 'checkpoint.undo', sessionId: session.sessionId });
    panel.focusComposer();
  };
  if (item.state === 'running')
    return (
      <p class="working">
        <vscode-progress-ring />
        {restoreText(item)}
      </p>
    );
  const isTrouble = item.state === 'failed' || item.state === 'cutOff';
  return (
    <div class={isTrouble ? 'notice warn' : 'turn-end'}>
      <Icon name={isTrouble ? 'alert' : 'rewind'} />
      <p>
        {restoreText(item)}{' '}
        {canUndo && (
          <button type="button" class="text-button" onClick={undo}>
            Undo
          </button>
        )}
      </p>
    </div>
  );
}

/** The last one that was not undone; a conversation comes back until something was said since. */
function isUndoable(item: ItemOf<'restore'>, { items, setAside }: SessionView): boolean {
  const last = items.findLast((one) => one.kind === 'restore' && (one.state === 'done' || one.state === 'cutOff'));
  return last === item && (item.files > 0 || setAside !== undefined);
}
