import { signal, type ReadonlySignal } from '@preact/signals';
import type { AgentId } from '../../core/protocol/ids';
import type { Op } from '../../core/protocol/ops';
import type { AppView, SessionView } from '../../core/protocol/view';

/** Which session a person has chosen, until it is shown. */
export interface Selection {
  /** The session that is being opened; a message that is sent meanwhile would go to the one before. */
  readonly selecting: ReadonlySignal<AgentId | undefined>;
  readonly select: (sessionId: AgentId) => void;
  /** Call with the session of each snapshot. */
  readonly shown: (sessionId: AgentId | undefined) => void;
  /** The host could not open it, or was asked for something else since. */
  readonly end: () => void;
}

interface SelectionPorts {
  readonly post: (op: Op) => void;
  readonly app: ReadonlySignal<AppView | undefined>;
  readonly session: ReadonlySignal<SessionView | undefined>;
}

export function createSelection({ post, app, session }: SelectionPorts): Selection {
  const selecting = signal<AgentId | undefined>(undefined);
  /** What was asked for and may still be shown; of several the host shows the last, and perhaps those before on the way. */
  const asked = new Set<AgentId>();
  const end = (): void => {
    selecting.value = undefined;
    asked.clear();
  };
  return {
    selecting,
    select(sessionId) {
      if (sessionId !== session.peek()?.sessionId) {
        asked.add(sessionId);
        selecting.value = sessionId;
        post({ type: 'session.select', sessionId });
        return;
      }
      const isOnlyOne = selecting.peek() === undefined && app.peek()?.activeSessionId === sessionId;
      // Also calls off the one that is being opened. The host sends no snapshot of what is shown: nothing to wait for.
      if (!isOnlyOne || isWorthReading(app.peek())) post({ type: 'session.select', sessionId });
      end();
    },
    shown(sessionId) {
      if (sessionId === undefined || sessionId === session.peek()?.sessionId) return;
      // One that nobody asked for here, such as an imported one, has taken the place of the chosen one.
      if (sessionId === selecting.peek() || !asked.delete(sessionId)) end();
    },
    end,
  };
}

/** What is wrong with the shown session may have been put right: it is worth reading again. */
function isWorthReading(app: AppView | undefined): boolean {
  return app?.readOnly?.kind === 'damaged' || app?.readOnly?.kind === 'gone';
}
