import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Envelope } from '../../core/protocol/events';
import type { AgentId } from '../../core/protocol/ids';
import type { HostMessage, Op } from '../../core/protocol/ops';
import { reduce } from '../../core/protocol/reduce';
import type { AppView, ReadOnlyReason, SessionView } from '../../core/protocol/view';
import { assertNever } from '../../core/util/assertNever';
import type { Host } from '../host';
import { createCardMemory, type CardMemory } from './cardMemory';
import { createOutbox, type Outbox } from './outbox';
import { createSessionSearch, type Later, type SessionSearch } from './sessionSearch';

export interface Problem {
  readonly message: string;
  readonly advice: string;
}

/** Everything that the components read, and the few things they do. */
export interface Panel {
  /** Absent until the first snapshot. */
  readonly app: ReadonlySignal<AppView | undefined>;
  readonly session: ReadonlySignal<SessionView | undefined>;
  readonly problem: Signal<Problem | undefined>;
  readonly draft: Signal<string>;
  /** Rises when the composer should take the focus. */
  readonly focusRequests: ReadonlySignal<number>;
  readonly busy: ReadonlySignal<boolean>;
  /** Why the shown session can only be read here; undefined where it can be written. */
  readonly readOnly: ReadonlySignal<ReadOnlyReason | undefined>;
  readonly cards: CardMemory;
  readonly sessionSearch: SessionSearch;
  readonly post: (op: Op) => void;
  readonly setDraft: (text: string) => void;
  /** Sends the draft; without a session, asks for one first and sends when it is there. */
  readonly send: () => void;
  readonly interrupt: () => void;
  /** Puts a text into the composer, for the person to send. */
  readonly suggest: (text: string) => void;
  /** Where the focus goes when the button that had it is gone. */
  readonly focusComposer: () => void;
}

/** Runs the callback before the next paint. */
export type NextFrame = (callback: () => void) => void;

interface Batch {
  readonly sessionId: AgentId;
  readonly batch: number;
  readonly envelopes: readonly Envelope[];
}

/** Connects the model to a host and asks it for the first snapshot. */
export function createPanel(host: Host, nextFrame: NextFrame, later?: Later): Panel {
  const app = signal<AppView | undefined>(undefined);
  const session = signal<SessionView | undefined>(undefined);
  const problem = signal<Problem | undefined>(undefined);
  const draft = signal(host.readKept().draft);
  const focusRequests = signal(0);
  const setDraft = (text: string): void => {
    draft.value = text;
    host.keep({ draft: text });
  };
  const focusComposer = (): void => {
    focusRequests.value++;
  };
  const suggest = (text: string): void => {
    setDraft(draft.value.trim() === '' ? text : `${draft.value.trimEnd()}\n\n${text}`);
    focusComposer();
  };
  const outbox = createOutbox(host.post, session);
  const sessionSearch = createSessionSearch((op) => host.post(op), later);
  const receive = createReceiver(host, nextFrame, { app, session, outbox, sessionSearch });
  listenTo(host, {
    received: receive,
    found: sessionSearch.receive,
    compose(text) {
      sessionSearch.close();
      suggest(text);
    },
    problem(told) {
      problem.value = told;
      sessionSearch.forgetChanges();
      if (draft.value === '') setDraft(outbox.takeUnconfirmed() ?? '');
    },
  });
  host.post({ type: 'ready' });
  return {
    ...{ app, session, problem, draft, focusRequests, setDraft, suggest, focusComposer },
    busy: computed(() => session.value !== undefined && session.value.state !== 'READY'),
    readOnly: computed(() => app.value?.readOnly),
    cards: createCardMemory(),
    sessionSearch,
    post: (op) => host.post(op),
    send() {
      const text = draft.value.trim();
      if (text === '') return;
      problem.value = undefined;
      outbox.send(text);
      setDraft('');
    },
    interrupt() {
      const current = session.value;
      if (current && current.state !== 'READY') host.post({ type: 'turn.interrupt', sessionId: current.sessionId });
    },
  };
}

type MessageOf<Type extends HostMessage['type']> = Extract<HostMessage, { readonly type: Type }>;

interface Listeners {
  readonly received: (message: MessageOf<'snapshot' | 'app' | 'events'>) => void;
  readonly found: (message: MessageOf<'found'>) => void;
  readonly compose: (text: string) => void;
  readonly problem: (problem: Problem) => void;
}

function listenTo(host: Host, { received, found, compose, problem }: Listeners): void {
  host.onMessage((message) => {
    switch (message.type) {
      case 'snapshot':
      case 'app':
      case 'events':
        received(message);
        break;
      case 'found':
        found(message);
        break;
      case 'compose':
        compose(message.text);
        break;
      case 'problem':
        problem({ message: message.message, advice: message.advice });
        break;
      default:
        assertNever(message);
    }
  });
}

interface Received {
  readonly app: Signal<AppView | undefined>;
  readonly session: Signal<SessionView | undefined>;
  readonly outbox: Outbox;
  readonly sessionSearch: SessionSearch;
}

/** Applies what the host tells: snapshots at once, events once per frame, each batch acknowledged after it was drawn. */
function createReceiver(host: Host, nextFrame: NextFrame, { app, session, outbox, sessionSearch }: Received) {
  let waiting: Batch[] = [];
  let snapshotAsked = true; // createPanel asks for the first one
  const askForSnapshot = (): void => {
    if (snapshotAsked) return;
    snapshotAsked = true;
    host.post({ type: 'ready' });
  };
  const draw = (): void => {
    const batches = waiting;
    waiting = [];
    for (const batch of batches) {
      const view = session.value;
      if (view?.sessionId !== batch.sessionId) continue;
      session.value = batch.envelopes.reduce(reduce, view);
    }
    outbox.update();
    // After the components: they were queued as a microtask when the signals changed.
    queueMicrotask(() => batches.forEach(({ batch }) => host.post({ type: 'ack', batch })));
  };
  return (message: MessageOf<'snapshot' | 'app' | 'events'>): void => {
    switch (message.type) {
      case 'snapshot':
        snapshotAsked = false;
        app.value = message.app;
        session.value = message.session;
        sessionSearch.receiveApp(message.app);
        outbox.update();
        break;
      case 'app':
        app.value = message.app;
        sessionSearch.receiveApp(message.app);
        if (message.app.activeSessionId !== session.value?.sessionId) askForSnapshot();
        break;
      case 'events':
        if (message.sessionId === app.value?.activeSessionId && session.value?.sessionId !== message.sessionId)
          askForSnapshot();
        waiting.push(message);
        if (waiting.length === 1) nextFrame(draw);
        break;
      default:
        assertNever(message);
    }
  };
}
