import * as vscode from 'vscode';
import type { Envelope } from '../core/protocol/events';
import type { AgentId } from '../core/protocol/ids';
import type { HostMessage } from '../core/protocol/ops';
import { parseOp } from '../core/protocol/parse';
import type { AppView, SessionView } from '../core/protocol/view';
import { carryOut, type RoutedOp } from './opRouter';
import { webviewHtml } from './webviewHtml';

export interface ChatViewPorts {
  readonly extensionUri: vscode.Uri;
  readonly app: () => AppView;
  readonly activeSession: () => SessionView;
  /** Resolves when there is something to show: the session of before the reload has been read. */
  readonly opened: Promise<void>;
  /** The panel came up or was hidden. */
  readonly onVisible: (isVisible: boolean) => void;
  readonly route: (op: RoutedOp) => Promise<void>;
  /** `sendId`: of the message that could not be sent. */
  readonly reportProblem: (what: string, error: unknown, sendId?: string) => void;
}

/** Posts at most about thirty times a second, and never more than this many batches ahead of what the panel has drawn. */
const batchMs = 33;
const unackedBatches = 2;

/**
 * The panel in the sidebar. It can be thrown away at any moment: a new one says 'ready' and gets a complete snapshot, then
 * the events after it. A hidden panel gets nothing.
 */
export class ChatView implements vscode.Disposable {
  readonly #ports: ChatViewPorts;
  #view: vscode.WebviewView | undefined;
  #ready = false;
  #shown: AgentId | undefined;
  #pending: Envelope[] = [];
  #appChanged = false;
  #batch = 0;
  #acked = 0;
  #timer: NodeJS.Timeout | undefined;
  #compose: string[] = [];
  #firstShown: (() => void) | undefined;

  constructor(ports: ChatViewPorts) {
    this.#ports = ports;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    this.#ready = false;
    this.#firstShown?.();
    this.#firstShown = undefined;
    view.webview.options = {
      enableScripts: true,
      enableForms: false,
      localResourceRoots: [
        vscode.Uri.joinPath(this.#ports.extensionUri, 'dist'),
        vscode.Uri.joinPath(this.#ports.extensionUri, 'media'),
      ],
    };
    view.webview.onDidReceiveMessage((raw: unknown) => {
      this.#receive(raw).catch((error: unknown) => this.#ports.reportProblem('An operation failed', error));
    });
    view.onDidChangeVisibility(() => {
      this.#ports.onVisible(view.visible);
      if (view.visible) return;
      // The page is gone with the view; a new one asks for a snapshot.
      this.#ready = false;
      this.#pending = [];
    });
    view.onDidDispose(() => {
      if (this.#view !== view) return;
      this.#view = undefined;
      this.#ready = false;
      this.#ports.onVisible(false);
    });
    view.webview.html = webviewHtml(view.webview, this.#ports.extensionUri);
    this.#showBadge();
    this.#ports.onVisible(view.visible);
  }

  /** Called once, when the panel is opened for the first time: what costs time waits until then. */
  onFirstShown(listener: () => void): void {
    this.#firstShown = listener;
  }

  /** Takes an event of the active session to the panel, with the next batch. */
  event(sessionId: AgentId, envelope: Envelope): void {
    if (!this.#ready || sessionId !== this.#shown) return;
    this.#pending.push(envelope);
    this.#schedule();
  }

  /** The active session is another one than its events tell: it is shown anew. */
  replaced(sessionId: AgentId): void {
    if (!this.#ready || sessionId !== this.#shown) return;
    this.#shown = undefined;
    this.#schedule();
  }

  /** What stands around the session has changed; another active session brings a snapshot. */
  appChanged(): void {
    this.#showBadge();
    if (!this.#ready) return;
    this.#appChanged = true;
    this.#schedule();
  }

  /** Puts text into the composer, now or when the panel is up. */
  compose(text: string): void {
    this.#compose.push(text);
    this.#flushCompose();
  }

  /** An answer to what the panel asked for; one that comes too late is of no use to anybody. */
  answer(
    message: Extract<
      HostMessage,
      { readonly type: 'found' | 'models' | 'modelTested' | 'rules' | 'showRules' | 'checkpointPreview' }
    >,
  ): void {
    if (this.#ready) this.#post(message);
  }

  /** Opens the model picker. False: no panel is shown. */
  showModels(): boolean {
    if (!this.#ready || this.#view?.visible !== true) return false;
    this.#post({ type: 'showModels' });
    return true;
  }

  /** @param sendId of the message that could not be sent */
  problem(message: string, advice: string, sendId?: string): void {
    // Nobody would see it in a panel that is not there.
    if (this.#ready) this.#post({ type: 'problem', message, advice, ...(sendId !== undefined && { sendId }) });
    else void vscode.window.showErrorMessage(`Countersign: ${message} ${advice}`.trim());
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  async #receive(raw: unknown): Promise<void> {
    const parsed = parseOp(raw);
    if (!parsed.ok) {
      this.#ports.reportProblem('The panel sent something that is not an operation', new Error(parsed.problem));
      this.problem(
        'Something in the panel went wrong: its message was not understood.',
        'Reload the window if it happens again.',
      );
      return;
    }
    const op = parsed.value;
    if (op.type === 'ready') {
      await this.#ports.opened;
      this.#sendSnapshot();
    } else if (op.type === 'ack') {
      this.#acked = Math.max(this.#acked, op.batch);
      if (this.#pending.length > 0) this.#schedule();
    } else await carryOut(op, this.#ports.route, this.#ports.reportProblem);
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, batchMs);
  }

  #flush(): void {
    if (!this.#ready) return;
    const session = this.#ports.activeSession();
    if (session.sessionId !== this.#shown) {
      this.#sendSnapshot();
      return;
    }
    if (this.#appChanged) this.#post({ type: 'app', app: this.#ports.app() });
    this.#appChanged = false;
    if (this.#pending.length === 0 || this.#batch - this.#acked >= unackedBatches) return;
    const envelopes = this.#pending;
    this.#pending = [];
    this.#post({ type: 'events', sessionId: session.sessionId, batch: ++this.#batch, envelopes });
  }

  #sendSnapshot(): void {
    const session = this.#ports.activeSession();
    this.#ready = true;
    this.#shown = session.sessionId;
    this.#pending = [];
    this.#appChanged = false;
    this.#acked = this.#batch;
    this.#post({ type: 'snapshot', app: this.#ports.app(), session });
    this.#flushCompose();
  }

  #flushCompose(): void {
    if (!this.#ready) return;
    for (const text of this.#compose.splice(0)) this.#post({ type: 'compose', text });
  }

  #post(message: HostMessage): void {
    void this.#view?.webview.postMessage(message);
  }

  #showBadge(): void {
    if (!this.#view) return;
    const waiting = this.#ports.app().sessions.reduce((sum, session) => sum + session.openApprovals, 0);
    const tooltip = waiting === 1 ? '1 decision waits for you' : `${waiting} decisions wait for you`;
    this.#view.badge = waiting === 0 ? undefined : { value: waiting, tooltip };
  }
}
