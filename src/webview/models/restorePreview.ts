import { signal, type ReadonlySignal } from '@preact/signals';
import type { AgentId, MessageId } from '../../core/protocol/ids';
import type { HostMessage, Op } from '../../core/protocol/ops';

type Told = Extract<HostMessage, { readonly type: 'checkpointPreview' }>;

/** What the restore that is being decided would do. */
export interface RestorePreviewModel {
  /** Undefined until the host has answered. */
  readonly told: ReadonlySignal<Told | undefined>;
  readonly ask: (sessionId: AgentId, messageId: MessageId) => void;
  readonly receive: (message: Told) => void;
}

export function createRestorePreview(post: (op: Op) => void): RestorePreviewModel {
  const told = signal<Told | undefined>(undefined);
  return {
    told,
    ask(sessionId, messageId) {
      told.value = undefined;
      post({ type: 'checkpoint.preview', sessionId, messageId });
    },
    receive: (message) => (told.value = message),
  };
}
