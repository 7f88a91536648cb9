import { signal, type ReadonlySignal } from '@preact/signals';
import type { AgentId } from '../../core/protocol/ids';
import type { Op } from '../../core/protocol/ops';
import type { SessionView } from '../../core/protocol/view';

/** What was sent and has not come back as a message of the session yet. */
export interface Outbox {
  /** Shown as "queued" while a turn runs. */
  readonly queued: ReadonlySignal<readonly string[]>;
  send(text: string): void;
  /** Call after the session changed: confirms what arrived, sends what waited for a session. */
  update(): void;
  /** The text that the host could not take, so that it returns to the composer. */
  takeUnconfirmed(): string | undefined;
}

interface Sent {
  readonly text: string;
  readonly sessionId: AgentId;
  /** How many user messages the session had: a later one with this text is the confirmation. */
  readonly messagesBefore: number;
}

export function createOutbox(post: (op: Op) => void, session: ReadonlySignal<SessionView | undefined>): Outbox {
  const queued = signal<readonly string[]>([]);
  let sent: readonly Sent[] = [];
  let unsent: readonly string[] = [];
  const start = (view: SessionView, text: string): void => {
    sent = [...sent, { text, sessionId: view.sessionId, messagesBefore: userTexts(view).length }];
    post({ type: 'turn.start', sessionId: view.sessionId, text });
  };
  const update = (): void => {
    const view = session.value;
    if (view && unsent.length > 0) {
      for (const text of unsent) start(view, text);
      unsent = [];
    }
    sent = sent.filter((item) => view && item.sessionId === view.sessionId && !arrived(item, view));
    queued.value = view && view.state !== 'READY' ? sent.map((item) => item.text) : [];
  };
  return {
    queued,
    update,
    send(text) {
      const view = session.value;
      if (view) start(view, text);
      else {
        if (unsent.length === 0) post({ type: 'session.new' });
        unsent = [...unsent, text];
      }
      update();
    },
    takeUnconfirmed() {
      const text = sent.at(-1)?.text ?? unsent.at(-1);
      sent = sent.slice(0, -1);
      unsent = [];
      update();
      return text;
    },
  };
}

function userTexts(view: SessionView): readonly string[] {
  return view.items.flatMap((item) => (item.kind === 'user' ? [item.text] : []));
}

function arrived(item: Sent, view: SessionView): boolean {
  return userTexts(view)
    .slice(item.messagesBefore)
    .some((text) => text.trim() === item.text);
}
