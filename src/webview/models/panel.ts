import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Envelope } from '../../core/protocol/events';
import type { AgentId } from '../../core/protocol/ids';
import type { HostMessage, Op } from '../../core/protocol/ops';
import { reduce } from '../../core/protocol/reduce';
import type { AppView, ReadOnlyReason, SessionView } from '../../core/protocol/view';
import { assertNever } from '../../core/util/assertNever';
import type { Host } from '../host';
import { createCardMemory, type CardMemory } from './cardMemory';
import type { Later } from './later';
import type { ModelPicker } from './modelPicker';
import { createOutbox, type Outbox } from './outbox';
import { createPages } from './pages';
import { createPlanComments, type PlanComments } from './planComments';
import { createRestorePreview, type RestorePreviewModel } from './restorePreview';
import type { RuleList } from './ruleList';
import { createSelection, type Selection } from './selection';
import type { SessionSearch } from './sessionSearch';

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
  /** The session that was chosen and is being opened: nothing can be sent until it is shown. */
  readonly selecting: ReadonlySignal<AgentId | undefined>;
  readonly cards: CardMemory;
  readonly planComments: PlanComments;
  readonly sessionSearch: SessionSearch;
  readonly picker: ModelPicker;
  readonly rules: RuleList;
  readonly restorePreview: RestorePreviewModel;
  /** Back to the conversation. */
  readonly closePages: () => void;
  readonly post: (op: Op) => void;
  /** Opens a session, or reads the shown one again if that may help. */
  readonly select: (sessionId: AgentId) => void;
  readonly setDraft: (text: string) => void;
  /** Sends the draft; without a session, asks for one first and sends when it is there. */
  readonly send: () => void;
  /** Sends this text as the next message; the draft stays. */
  readonly say: (text: string) => void;
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
  const kept = host.readKept();
  const draft = signal(kept.draft);
  const focusRequests = signal(0);
  const setDraft = (text: string): void => void (draft.value = text);
  const focusComposer = (): void => void (focusRequests.value += 1);
  const suggest = (text: string): void => {
    setDraft(joined([draft.value, text]));
    focusComposer();
  };
  const post = (op: Op): void => host.post(op);
  const selection = createSelection({ post, app, session });
  const { selecting } = selection;
  const outbox = createOutbox({
    post,
    shown: () => (selecting.peek() === undefined ? session.peek() : undefined),
    kept: kept.unconfirmed,
    giveBack: (texts) => setDraft(joined([...texts, draft.value])),
  });
  const planComments = createPlanComments(kept.comments);
  effect(() =>
    host.keep({ draft: draft.value, unconfirmed: outbox.unconfirmed.value, comments: planComments.all.value }),
  );
  const { sessionSearch, picker, rules, closeAll: closePages } = createPages({ post, app, session, later });
  const restorePreview = createRestorePreview(post);
  const receive = createReceiver(host, nextFrame, { app, session, outbox, selection, sessionSearch });
  listenTo(host, {
    received: receive,
    found: sessionSearch.receive,
    models: picker.receive,
    showModels: () => picker.open(),
    rules: rules.receive,
    showRules: rules.open,
    checkpointPreview: restorePreview.receive,
    compose(text) {
      closePages();
      suggest(text);
    },
    problem(told, sendId) {
      problem.value = told;
      sessionSearch.forgetChanges();
      takeBack({ outbox, selection }, sendId);
    },
  });
  host.post({ type: 'ready' });
  return {
    ...{ app, session, problem, draft, focusRequests, setDraft, suggest, focusComposer, selecting },
    ...{ sessionSearch, picker, rules, closePages, restorePreview },
    ...createActions({ post, session, problem, draft, outbox, selection }),
    busy: computed(() => !selecting.value && session.value !== undefined && session.value.state !== 'READY'),
    readOnly: computed(() => app.value?.readOnly),
    cards: createCardMemory(session),
    planComments,
  };
}

/** An op has failed: a send gives its text back; any other may have been the choice of a session, or the making of one. */
function takeBack({ outbox, selection }: Pick<Parts, 'outbox' | 'selection'>, sendId: string | undefined): void {
  if (sendId !== undefined) {
    outbox.refuse(sendId);
    return;
  }
  selection.end();
  outbox.callOffWaiting();
  outbox.update();
}

interface Parts extends Pick<Panel, 'post' | 'session' | 'problem' | 'draft'> {
  readonly outbox: Outbox;
  readonly selection: Selection;
}

function createActions(parts: Parts): Pick<Panel, 'post' | 'select' | 'send' | 'say' | 'interrupt'> {
  const { session, problem, draft, outbox, selection } = parts;
  return {
    post(op) {
      parts.post(op);
      // The host drops the one that it was opening.
      if (op.type !== 'session.new' || selection.selecting.peek() === undefined) return;
      selection.end();
      outbox.update();
    },
    select(sessionId) {
      selection.select(sessionId);
      outbox.callOffWaiting();
    },
    send() {
      const text = draft.value.trim();
      if (text === '' || selection.selecting.peek() !== undefined) return;
      problem.value = undefined;
      outbox.send(text);
      draft.value = '';
    },
    say(text) {
      if (selection.selecting.peek() !== undefined) return;
      problem.value = undefined;
      outbox.send(text);
    },
    interrupt() {
      const current = session.value;
      if (!current || current.state === 'READY' || selection.selecting.peek() !== undefined) return;
      parts.post({ type: 'turn.interrupt', sessionId: current.sessionId });
    },
  };
}

/** Texts as paragraphs; of blank ones nothing is left. */
function joined(texts: readonly string[]): string {
  const written = texts.filter((text) => text.trim() !== '');
  return written.map((text, index) => (index < written.length - 1 ? text.trimEnd() : text)).join('\n\n');
}

type MessageOf<Type extends HostMessage['type']> = Extract<HostMessage, { readonly type: Type }>;

interface Listeners {
  readonly received: (message: MessageOf<'snapshot' | 'app' | 'events'>) => void;
  readonly found: (message: MessageOf<'found'>) => void;
  readonly models: (message: MessageOf<'models' | 'modelTested'>) => void;
  readonly showModels: () => void;
  readonly rules: (message: MessageOf<'rules'>) => void;
  readonly showRules: () => void;
  readonly checkpointPreview: (message: MessageOf<'checkpointPreview'>) => void;
  readonly compose: (text: string) => void;
  /** `sendId`: the send that it is about. */
  readonly problem: (problem: Problem, sendId: string | undefined) => void;
}

function listenTo(host: Host, listeners: Listeners): void {
  const { received, found, models, showModels, rules, showRules, checkpointPreview, compose, problem } = listeners;
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
      case 'models':
      case 'modelTested':
        models(message);
        break;
      case 'showModels':
        showModels();
        break;
      case 'rules':
        rules(message);
        break;
      case 'showRules':
        showRules();
        break;
      case 'checkpointPreview':
        checkpointPreview(message);
        break;
      case 'compose':
        compose(message.text);
        break;
      case 'problem':
        problem({ message: message.message, advice: message.advice }, message.sendId);
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
  readonly selection: Selection;
  readonly sessionSearch: SessionSearch;
}

/** Applies what the host tells: snapshots at once, events once per frame, each batch acknowledged after it was drawn. */
function createReceiver(host: Host, nextFrame: NextFrame, received: Received) {
  const { app, session, outbox, selection, sessionSearch } = received;
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
        selection.shown(message.session?.sessionId);
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
