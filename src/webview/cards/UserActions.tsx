import type { RestoreWish } from '../../core/protocol/checkpoints';
import type { MessageId } from '../../core/protocol/ids';
import { IconButton } from '../ui/Button';
import { Confirm } from '../ui/Confirm';
import { usePanel } from '../ui/panelContext';
import { RestorePanel } from './RestorePanel';

interface UserActionsProps {
  readonly messageId: MessageId;
  /** Files were changed since: they can go back, too. */
  readonly restorable: boolean;
}

/** What can be done from an earlier message while the session rests: go back to it, or go on from it in a new session. */
export function UserActions({ messageId, restorable }: UserActionsProps) {
  const panel = usePanel();
  const { rewinding } = panel.cards;
  const session = panel.session.value;
  if (!session || session.state !== 'READY' || panel.readOnly.value) return null;
  const { sessionId } = session;
  const close = (): void => {
    rewinding.value = undefined;
    panel.focusComposer();
  };
  const post = (type: 'session.rewind' | 'session.fork'): void => {
    panel.post({ type, sessionId, messageId });
    close();
  };
  const restore = (wish: RestoreWish & { readonly token?: string }): void => {
    panel.post({ type: 'checkpoint.restore', sessionId, messageId, ...wish });
    close();
  };
  const open = (): void => {
    rewinding.value = messageId;
    if (restorable) panel.restorePreview.ask(sessionId, messageId);
  };
  if (rewinding.value === messageId)
    return restorable ? (
      <RestorePanel messageId={messageId} onRestore={restore} onCancel={close} />
    ) : (
      <Confirm
        text="Go back to before this message? What came after leaves the conversation; files stay as they are."
        yes="Go back"
        onYes={() => post('session.rewind')}
        onNo={close}
      />
    );
  return (
    <div class="user-actions">
      <IconButton icon="rewind" label={restorable ? 'Restore to here' : 'Go back to here'} onClick={open} />
      <IconButton icon="fork" label="Fork from here" onClick={() => post('session.fork')} />
    </div>
  );
}
