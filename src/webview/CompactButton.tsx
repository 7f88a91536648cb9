import type { SessionView } from '../core/protocol/view';
import { usePanel } from './ui/panelContext';

/** Sums up the older part of the conversation now; not while a turn runs. */
export function CompactButton({ session }: { readonly session: SessionView }) {
  const panel = usePanel();
  const { sessionId, state, items } = session;
  const running = items.some((item) => item.kind === 'compaction' && item.state === 'running');
  const disabled = state !== 'READY' || running || panel.selecting.value !== undefined;
  return (
    <button
      type="button"
      class="text-button compact"
      disabled={disabled}
      title={disabled ? 'Possible when the agent rests' : 'The model sums up the older part of the conversation'}
      onClick={() => panel.post({ type: 'session.compact', sessionId })}
    >
      Compact now
    </button>
  );
}
