import { signal, type ReadonlySignal } from '@preact/signals';
import type { AgentId } from '../../core/protocol/ids';
import type { Op } from '../../core/protocol/ops';
import type { SessionView } from '../../core/protocol/view';
import { randomId } from './randomId';

/** A text that was sent and has not come back as a message of its session yet. */
export interface Unconfirmed {
  /** Names this one send: a problem with it says so. */
  readonly sendId: string;
  readonly text: string;
  /** Absent as long as it waits for a session to be made. */
  readonly sessionId?: AgentId;
  /** How many messages the session had, the queued ones too: a later one with this text is the confirmation. */
  readonly messagesBefore: number;
}

/** What was sent and is not confirmed: no text is lost when the host cannot take it, or when the panel goes away. */
export interface Outbox {
  /** To be kept over the life of the panel. */
  readonly unconfirmed: ReadonlySignal<readonly Unconfirmed[]>;
  /** Sends a text; without a session, asks for one first and sends when it is there. */
  readonly send: (text: string) => void;
  /** Call after the shown session changed: confirms what arrived, gives back what did not, sends what waited for a session. */
  readonly update: () => void;
  /** The host could not take this send: its text is given back, when its session is shown. */
  readonly refuse: (sendId: string) => void;
  /** No session was made, or another one was chosen: gives back what waited for a new one. */
  readonly callOffWaiting: () => void;
}

interface OutboxPorts {
  readonly post: (op: Op) => void;
  /** What is on the screen; undefined while another session is being opened. */
  readonly shown: () => SessionView | undefined;
  /** Left over from the panel before this one; nobody knows whether they arrived. */
  readonly kept: readonly Unconfirmed[];
  /** Takes the texts back into the composer, the oldest first. */
  readonly giveBack: (texts: readonly string[]) => void;
}

/** Of sessions that were never shown again something may stay for ever: the newest are kept. */
const mostKept = 100;

export function createOutbox({ post, shown, kept, giveBack }: OutboxPorts): Outbox {
  const unconfirmed = signal(kept);
  /** Those that go back to the composer if they have not arrived when their session is shown. */
  const returning = new Set(kept.map(({ sendId }) => sendId));
  const take = (wanted: (item: Unconfirmed) => boolean): void => {
    const taken = unconfirmed.peek().filter(wanted);
    if (taken.length === 0) return;
    unconfirmed.value = unconfirmed.peek().filter((item) => !taken.includes(item));
    for (const { sendId } of taken) returning.delete(sendId);
    giveBack(taken.map(({ text }) => text));
  };
  const callOffWaiting = (): void => take(({ sessionId }) => sessionId === undefined);
  callOffWaiting();
  const start = (item: Unconfirmed, view: SessionView): Unconfirmed => {
    const { sessionId } = view;
    const { sendId, text } = item;
    post({ type: 'turn.start', sessionId, text, sendId });
    return { sendId, text, sessionId, messagesBefore: messagesOf(view).length };
  };
  return {
    unconfirmed,
    send(text) {
      const view = shown();
      const item: Unconfirmed = { sendId: randomId(), text, messagesBefore: 0 };
      const isFirstWaiting = !view && unconfirmed.peek().every(({ sessionId }) => sessionId !== undefined);
      if (isFirstWaiting) post({ type: 'session.new' });
      unconfirmed.value = [...unconfirmed.peek(), view ? start(item, view) : item].slice(-mostKept);
    },
    update() {
      const view = shown();
      if (!view || !unconfirmed.peek().some((item) => (item.sessionId ?? view.sessionId) === view.sessionId)) return;
      const started = unconfirmed.peek().map((item) => (item.sessionId === undefined ? start(item, view) : item));
      unconfirmed.value = withoutArrived(started, view);
      take((item) => item.sessionId === view.sessionId && returning.has(item.sendId));
    },
    refuse(sendId) {
      const sessionId = shown()?.sessionId;
      returning.add(sendId);
      take((item) => item.sendId === sendId && item.sessionId === sessionId);
    },
    callOffWaiting,
  };
}

function messagesOf(view: SessionView): readonly string[] {
  const taken = view.items.flatMap((item) => (item.kind === 'user' ? [item.text] : []));
  return [...taken, ...view.queued.map((item) => item.text)];
}

/** Each message confirms one send: of two equal texts, the second waits for a message of its own. */
function withoutArrived(items: readonly Unconfirmed[], view: SessionView): readonly Unconfirmed[] {
  const messages = messagesOf(view).map((text) => text.trim());
  const nextByText = new Map<string, number>();
  return items.flatMap((item) => {
    if (item.sessionId !== view.sessionId) return [item];
    // A history that is shorter than it was has been taken back; then its last message tells.
    const known = item.messagesBefore > messages.length ? messages.length - 1 : item.messagesBefore;
    const messagesBefore = Math.max(known, nextByText.get(item.text) ?? 0);
    const at = messages.indexOf(item.text, messagesBefore);
    if (at < 0) return messagesBefore > item.messagesBefore ? [{ ...item, messagesBefore }] : [item];
    nextByText.set(item.text, at + 1);
    return [];
  });
}
