import type { ReadonlySignal } from '@preact/signals';
import type { AgentId } from '../../core/protocol/ids';
import type { Op } from '../../core/protocol/ops';
import type { SessionView } from '../../core/protocol/view';

/** What was sent and has not come back as a message of the session yet: no text is lost when the host cannot take it. */
export interface Outbox {
  /** Sends a text; without a session, asks for one first and sends when it is there. */
  readonly send: (text: string) => void;
  /** Call after the session changed: confirms what arrived, sends what waited for a session. */
  readonly update: () => void;
  /** The text that the host could not take, so that it returns to the composer. */
  readonly takeUnconfirmed: () => string | undefined;
}

interface Sent {
  readonly text: string;
  readonly sessionId: AgentId;
  /** How many messages the session had, the queued ones too: a later one with this text is the confirmation. */
  readonly messagesBefore: number;
}

export function createOutbox(post: (op: Op) => void, session: ReadonlySignal<SessionView | undefined>): Outbox {
  let sent: readonly Sent[] = [];
  let unsent: readonly string[] = [];
  const start = (view: SessionView, text: string): void => {
    sent = [...sent, { text, sessionId: view.sessionId, messagesBefore: messagesOf(view).length }];
    post({ type: 'turn.start', sessionId: view.sessionId, text });
  };
  return {
    send(text) {
      const view = session.value;
      if (view) {
        start(view, text);
        return;
      }
      if (unsent.length === 0) post({ type: 'session.new' });
      unsent = [...unsent, text];
    },
    update() {
      const view = session.value;
      if (!view) return;
      for (const text of unsent) start(view, text);
      unsent = [];
      sent = sent.filter((item) => item.sessionId === view.sessionId && !arrived(item, view));
    },
    takeUnconfirmed() {
      const text = sent.at(-1)?.text ?? unsent.at(-1);
      sent = sent.slice(0, -1);
      unsent = [];
      return text;
    },
  };
}

function messagesOf(view: SessionView): readonly string[] {
  const taken = view.items.flatMap((item) => (item.kind === 'user' ? [item.text] : []));
  return [...taken, ...view.queued.map((item) => item.text)];
}

function arrived(item: Sent, view: SessionView): boolean {
  return messagesOf(view)
    .slice(item.messagesBefore)
    .some((text) => text.trim() === item.text);
}
