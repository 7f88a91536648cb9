import * as vscode from 'vscode';
import type { AgentDependencies } from '../core/agent/config';
import { AgentTemplateRegistry } from '../core/agent/template';
import type { AppView } from '../core/protocol/view';
import { unavailableModel } from '../core/model/unavailable';
import { ToolRegistry } from '../core/tools/toolRegistry';
import { builtinTools } from '../core/tools/tools';
import { Disposables } from '../core/util/disposables';
import { findShell } from '../node/commands/shell';
import { nodeEnvironment } from '../node/environment';
import { Actions } from './actions';
import { ChatView } from './chatView';
import type { CommandTarget } from './commands';
import { demoTestCommand, findDemoFolder } from './demo';
import { editorContext } from './editorContext';
import { openLog, type Log } from './log';
import { Models } from './models';
import { routeOp } from './opRouter';
import { ProposalFiles } from './review/proposalFiles';
import { Proposals } from './review/proposals';
import { apiKeys } from './secrets';
import { fileStorage } from './sessions/fileStorage';
import { openStorage, type SessionStorage } from './sessions/openStore';
import { SessionActions } from './sessions/sessionActions';
import { SessionFiles } from './sessions/sessionFiles';
import { makeSessionParts, type SessionParts } from './sessions/sessionParts';
import type { Sessions } from './sessions/sessions';
import type { StatusBar } from './statusBar';
import { codingTemplate } from './template';
import { WindowState } from './windowState';
import { makeSandbox, workspaceRoots } from './workspaceSandbox';

export interface Host extends CommandTarget {
  /** Fills the view of the panel. */
  showChat(view: vscode.WebviewView): void;
  readonly actions: Actions;
  /** Lets go of all sessions and closes everything. */
  close(): Promise<void>;
}

/** The composition root: makes every part once, connects them, and owns what must be closed. Of a failure nothing stays. */
export async function createHost(context: vscode.ExtensionContext, status: StatusBar): Promise<Host> {
  const owned = new Disposables();
  try {
    return await connectedHost(owned, context, status);
  } catch (error) {
    owned.dispose();
    throw error;
  }
}

async function connectedHost(owned: Disposables, context: vscode.ExtensionContext, status: StatusBar): Promise<Host> {
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
  const storage = await openStorage(
    () => chosenStorage(context.globalStorageUri),
    (error) => log.error('The sessions cannot be stored', error),
  );
  const frameChanged = (): void => {
    chat.appChanged();
    status.update(parts.sessions.summaries());
  };
  const parts: SessionParts = makeSessionParts(owned, {
    ...{ storage, window, log, template: codingTemplate },
    dependencies: dependencies(proposals, models, window),
    modelToResume: () => models.open().catch((error: unknown) => unavailableModel(error)),
    post: (found) => chat.found(found),
    reportProblem: (what, error) => actions.report(what, error),
    onFrameChange: frameChanged,
  });
  const { sessions } = parts;
  const chat: ChatView = owned.add(
    new ChatView({
      extensionUri: context.extensionUri,
      app: () => appView(parts, models, window),
      activeSession: () => sessions.active,
      opened: parts.opened,
      onVisible: (isVisible) => sessions.setVisible(isVisible),
      route: (op) => routeOp(op, actions, sessionActions),
      reportProblem: (what, error, sendId) => actions.report(what, error, sendId),
    }),
  );
  const actions = new Actions({
    ...{ sessions, models, proposals, log, window },
    extensionUri: context.extensionUri,
    panel: chat,
  });
  const sessionActions = makeSessionActions(parts, actions, chat, log);
  connect(owned, { sessions, models, chat, window, log, frameChanged });
  proposals.reconcileTabs().catch((error: unknown) => log.error('Old diffs could not be closed', error));
  return {
    showChat: (view) => chat.resolveWebviewView(view),
    ...{ actions, sessionActions },
    async close() {
      await parts.close();
      owned.dispose();
    },
  };
}

/** The one place that chooses where sessions are kept. */
function chosenStorage(folder: vscode.Uri): Promise<SessionStorage> {
  return fileStorage(folder.fsPath);
}

function dependencies(proposals: Proposals, models: Models, window: WindowState): Omit<AgentDependencies, 'store'> {
  const templateRegistry = new AgentTemplateRegistry();
  templateRegistry.register(codingTemplate);
  return {
    templateRegistry,
    toolRegistry: new ToolRegistry(builtinTools),
    sandboxFactory: () => makeSandbox(proposals, window.demoWorkspace),
    modelFactory: () => models.open(),
    environment: nodeEnvironment({ editor: editorContext, allowProcesses: () => vscode.workspace.isTrusted }),
  };
}

function makeSessionActions(parts: SessionParts, actions: Actions, chat: ChatView, log: Log): SessionActions {
  const { sessions, search, deleted, size, storage } = parts;
  const { store } = storage;
  return new SessionActions({
    ...{ sessions, search, deleted, store },
    files: new SessionFiles(store),
    salvage: storage.salvage,
    onListShown: () => {
      if (storage.sizeBytes) size.measure().catch((error: unknown) => log.error('The storage was not measured', error));
    },
    compose: (text) => chat.compose(text),
    openChat: () => actions.openChat(),
  });
}

interface Parts {
  readonly sessions: Sessions;
  readonly models: Models;
  readonly chat: ChatView;
  readonly window: WindowState;
  readonly log: Log;
  readonly frameChanged: () => void;
}

/** Who hears of whom. */
function connect(owned: Disposables, { sessions, models, chat, window, log, frameChanged }: Parts): void {
  const lookForDemo = async (): Promise<void> => {
    window.demoWorkspace = (await findDemoFolder()) !== undefined;
    frameChanged();
  };
  const lookAgain = (): void =>
    void lookForDemo().catch((error: unknown) => log.error('Looking for the sample failed', error));
  owned.add(sessions.onEvent(({ sessionId, envelope }) => chat.event(sessionId, envelope)));
  owned.add(sessions.onReplaced((sessionId) => chat.replaced(sessionId)));
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

function appView(parts: SessionParts, models: Models, window: WindowState): AppView {
  const model = models.view();
  return {
    ...parts.frame(),
    ...(model && { model }),
    workspace: { folders: workspaceRoots().map((root) => root.name), trusted: vscode.workspace.isTrusted },
    demoWorkspace: window.demoWorkspace,
  };
}
