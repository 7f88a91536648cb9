import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { newAgentId } from '../../src/core/protocol/ids';
import { emptySessionView, type AppView } from '../../src/core/protocol/view';
import { ChatView } from '../../src/extension/chatView';
import type { RoutedOp } from '../../src/extension/opRouter';

const app: AppView = {
  sessions: [],
  workspace: { folders: ['ws'], trusted: true },
  instructions: [],
  mode: 'ask',
  pending: [],
  demoWorkspace: false,
};

describe('what reaches the host from the panel', () => {
  it('a malformed message is answered with a problem and routed nowhere; the next operation works', async () => {
    const routed: RoutedOp[] = [];
    const reported: string[] = [];
    const session = emptySessionView(newAgentId());
    const chat = new ChatView({
      extensionUri: vscode.Uri.file('/'),
      app: () => app,
      activeSession: () => session,
      opened: Promise.resolve(),
      onVisible: () => undefined,
      route: (op) => {
        routed.push(op);
        return Promise.resolve();
      },
      reportProblem: (what) => reported.push(what),
    });
    const { view, send, posted } = panelEnd();
    chat.resolveWebviewView(view);
    send({ type: 'ready' });
    await tick(); // The panel is up when the session of before has been read.
    for (const raw of [
      undefined,
      'text',
      { type: 'turn.start' },
      { type: 'command.run', command: 'workbench.action.quit' },
    ])
      send(raw);
    send({ type: 'turn.start', sessionId: session.sessionId, text: 'Hello.' });
    await tick();
    assert.equal(reported.length, 4);
    assert.deepEqual(posted, ['snapshot', 'problem', 'problem', 'problem', 'problem']);
    assert.deepEqual(routed, [{ type: 'turn.start', sessionId: session.sessionId, text: 'Hello.' }]);
    chat.dispose();
  });

  it('a session whose view was replaced is shown anew; a message that cannot be sent comes back with its id', async () => {
    const reported: (string | undefined)[] = [];
    const session = emptySessionView(newAgentId());
    const chat = new ChatView({
      extensionUri: vscode.Uri.file('/'),
      app: () => app,
      activeSession: () => session,
      opened: Promise.resolve(),
      onVisible: () => undefined,
      route: () => Promise.reject(new Error('held')),
      reportProblem: (_what, _error, sendId) => {
        reported.push(sendId);
        chat.problem('It is in use.', '', sendId);
      },
    });
    const { view, send, posted } = panelEnd();
    chat.resolveWebviewView(view);
    send({ type: 'ready' });
    await tick();
    chat.replaced(newAgentId());
    chat.replaced(session.sessionId);
    await tick();
    send({ type: 'turn.start', sessionId: session.sessionId, text: 'Hello.', sendId: 'one' });
    await tick();
    assert.deepEqual(posted, ['snapshot', 'snapshot', 'problem']);
    assert.deepEqual(reported, ['one']);
    chat.dispose();
  });
});

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

/** The other end of the wire: what a webview is to the host, and what the host has posted to it. */
function panelEnd(): {
  readonly view: vscode.WebviewView;
  readonly send: (raw: unknown) => void;
  readonly posted: readonly string[];
} {
  const received = new vscode.EventEmitter<unknown>();
  const posted: string[] = [];
  const never = new vscode.EventEmitter<void>().event;
  const webview: vscode.Webview = {
    options: {},
    html: '',
    cspSource: 'test:',
    onDidReceiveMessage: received.event,
    postMessage: (message: { readonly type: string }) => {
      posted.push(message.type);
      return Promise.resolve(true);
    },
    asWebviewUri: (uri) => uri,
  };
  const view: vscode.WebviewView = {
    viewType: 'countersign.chat',
    webview,
    visible: true,
    onDidDispose: never,
    onDidChangeVisibility: never,
    show: () => undefined,
  };
  return { view, send: (raw) => received.fire(raw), posted };
}
