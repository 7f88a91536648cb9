import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AgentId } from '../../core/protocol/ids';
import type { Op } from '../../core/protocol/ops';
import { usePanel } from '../ui/panelContext';

/** What nothing answers can be sent again after this time. */
const answeredWithinMs = 3000;

/** Sends the answer of a person, once: `sent` is true until it is clear that nobody takes it. */
export function useSent(): {
  readonly send: (opOf: (sessionId: AgentId) => Op) => void;
  readonly sent: ReadonlySignal<boolean>;
} {
  const panel = usePanel();
  const sent = useSignal(false);
  useEffect(() => {
    if (!sent.value) return undefined;
    const timer = setTimeout(() => (sent.value = false), answeredWithinMs);
    return () => clearTimeout(timer);
  }, [sent.value]);
  const send = (opOf: (sessionId: AgentId) => Op): void => {
    const session = panel.session.peek();
    if (!session || sent.peek()) return;
    panel.post(opOf(session.sessionId));
    sent.value = true;
    panel.focusComposer();
  };
  return { send, sent };
}
