import * as vscode from 'vscode';
import { AgentTemplateRegistry } from '../core/agent/template';
import type { AppView } from '../core/protocol/view';
import { unavailableModel } from '../core/model/unavailable';
import { MemoryStore } from '../core/store/memoryStore';
import { ToolRegistry } from '../core/tools/toolRegistry';
import { builtinTools } from '../core/tools/tools';
import { Disposables } from '../core/util/disposables';
import { findShell } from '../node/commands/shell';
import { nodeEnvironment } from '../node/environment';
import { Actions } from './actions';
import { ChatView } from './chatView';
import { demoTestCommand, findDemoFolder } from './demo';
import { editorContext } from './editorContext';
import { openLog, type Log } from './log';
import { Models } from './models';
import { routeOp } from './opRouter';
import { ProposalFiles } from './review/proposalFiles';
import { Proposals } from './review/proposals';
import { apiKeys } from './secrets';
import { Sessions } from './sessions';
import type { StatusBar } from './statusBar';
import { codingTemplate } from './template';
import { WindowState } from './windowState';
import { makeSandbox, workspaceRoots } from './workspaceSandbox';

export interface Host {
  /** Fills the view of the panel. */
  showChat(view: vscode.WebviewView): void;
  readonly actions: Actions;
  /** Stops all agents and closes everything. */
  close(): Promise<void>;
}

/** The composition root: makes every part once, connects them, and owns what must be closed. */
export function createHost(context: vscode.ExtensionContext, status: StatusBar): Host {
  const owned = new Disposables();
  const log = owned.add(openLog());
  const window = new WindowState(context.workspaceState, context.globalState);
  const proposals = owned.add(
    new Proposals(owned.add(new ProposalFiles()), (problem) => log.error('A diff could not be shown', problem)),
  );
  const models = owned.add(
    new Models({
      keys: apiKeys(context.secrets),
      demo: window.demo,
      demoTestCommand: () => demoTestCommand(findShell().name),
    }),
  );
  const sessions = owned.add(makeSessions(proposals, models, window, log));
  const chat: ChatView = owned.add(
    new ChatView({
      extensionUri: context.extensionUri,
      app: () => appView(sessions, models, window),
      activeSession: () => sessions.active,
      route: (op) => routeOp(op, actions),
      reportProblem: (what, error) => actions.report(what, error),
    }),
  );
  const actions = new Actions({
    sessions,
    models,
    proposals,
    log,
    window,
    extensionUri: context.extensionUri,
    panel: chat,
  });
  connect(owned, { sessions, models, chat, status, window, log });
  proposals.reconcileTabs().catch((error: unknown) => log.error('Old diffs could not be closed', error));
  return {
    showChat: (view) => chat.resolveWebviewView(view),
    actions,
    async close() {
      await sessions.close();
      owned.dispose();
    },
  };
}

function makeSessions(proposals: Proposals, models: Models, window: WindowState, log: Log): Sessions {
  const templateRegistry = new AgentTemplateRegistry();
  templateRegistry.register(codingTemplate);
  return new Sessions({
    templateId: codingTemplate.id,
    reportError: (what, error) => log.error(what, error),
    dependencies: {
      store: new MemoryStore(),
      templateRegistry,
      toolRegistry: new ToolRegistry(builtinTools),
      sandboxFactory: () => makeSandbox(proposals, window.demoWorkspace),
      modelFactory: () => models.open(),
      environment: nodeEnvironment({ editor: editorContext, allowProcesses: () => vscode.workspace.isTrusted }),
    },
  });
}

interface Parts {
  readonly sessions: Sessions;
  readonly models: Models;
  readonly chat: ChatView;
  readonly status: StatusBar;
  readonly window: WindowState;
  readonly log: Log;
}

/** Who hears of whom. */
function connect(owned: Disposables, { sessions, models, chat, status, window, log }: Parts): void {
  const frameChanged = (): void => {
    chat.appChanged();
    status.update(sessions.summaries());
  };
  const lookForDemo = async (): Promise<void> => {
    window.demoWorkspace = (await findDemoFolder()) !== undefined;
    frameChanged();
  };
  const lookAgain = (): void =>
    void lookForDemo().catch((error: unknown) => log.error('Looking for the sample failed', error));
  owned.add(sessions.onEvent(({ sessionId, envelope }) => chat.event(sessionId, envelope)));
  owned.add(sessions.onDidChange(frameChanged));
  const useModel = modelSwitch(sessions, models);
  owned.add(models.onDidChange(() => void useModel().then(frameChanged)));
  owned.add(vscode.workspace.onDidGrantWorkspaceTrust(frameChanged));
  owned.add(vscode.workspace.onDidChangeWorkspaceFolders(lookAgain));
  owned.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('countersign')) models.settingsChanged();
    }),
  );
  chat.onFirstShown(lookAgain);
}

/**
 * Gives running sessions the chosen model for their next turns. A model that cannot be opened takes the place of the old one
 * too: a session never goes on with a vendor or a key that the user has turned away from.
 */
function modelSwitch(sessions: Sessions, models: Models): () => Promise<void> {
  let latest = 0;
  return async () => {
    const own = ++latest;
    const model = await models.open().catch((error: unknown) => unavailableModel(error));
    if (own !== latest) return; // Another choice has come meanwhile.
    for (const agent of sessions.agents) agent.setModel(model);
  };
}

function appView(sessions: Sessions, models: Models, window: WindowState): AppView {
  const model = models.view();
  return {
    sessions: sessions.summaries(),
    activeSessionId: sessions.activeId,
    ...(model && { model }),
    workspace: { folders: workspaceRoots().map((root) => root.name), trusted: vscode.workspace.isTrusted },
    instructions: sessions.activeAgent?.info().instructions ?? [],
    demoWorkspace: window.demoWorkspace,
    lostSessions: window.lostSessions,
  };
}
