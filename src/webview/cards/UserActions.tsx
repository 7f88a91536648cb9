import type { MessageId } from '../../core/protocol/ids';
import { IconButton } from '../ui/Button';
import { Confirm } from '../ui/Confirm';
import { usePanel } from '../ui/panelContext';

/** What can be done from an earlier message while the session rests: go back to it, or go on from it in a new session. */
export function UserActions({ messageId }: { readonly messageId: MessageId }) {
  const panel = usePanel();
  const { rewinding } = panel.cards;
  const session = panel.session.value;
  if (!session || session.state !== 'READY' || panel.readOnly.value) return null;
  const { sessionId } = session;
  const post = (type: 'session.rewind' | 'session.fork'): void => {
    rewinding.value = undefined;
    panel.post({ type, sessionId, messageId });
    panel.focusComposer();
  };
  if (rewinding.value === messageId)
    return (
      <Confirm
        text="Go back to before this message? What came after leaves the conversation; files stay as they are."
        yes="Go back"
        onYes={() => post('session.rewind')}
        onNo={() => {
          rewinding.value = undefined;
          panel.focusComposer();
        }}
      />
    );
  return (
    <div class="user-actions">
      <IconButton icon="rewind" label="Go back to here" onClick={() => (rewinding.value = messageId)} />
      <IconButton icon="fork" label="Fork from here" onClick={() => post('session.fork')} />
    </div>
  );
}
