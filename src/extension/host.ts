import * as vscode from 'vscode';
import type { AgentDependencies } from '../core/agent/config';
import { AgentTemplateRegistry } from '../core/agent/template';
import type { CheckpointBlobs } from '../core/checkpoints/checkpointBlobs';
import type { AppView } from '../core/protocol/view';
import { totalSpending } from '../core/protocol/usage';
import type { Sandbox } from '../core/sandbox/sandbox';
import { ToolRegistry } from '../core/tools/toolRegistry';
import { builtinTools } from '../core/tools/tools';
import { Disposables } from '../core/util/disposables';
import { localDay } from '../core/util/localDay';
import { nodeEnvironment } from '../node/environment';
import { FileSpendingLedger } from '../node/store/spendingLedger';
import { Actions } from './actions';
import { ChatView } from './chatView';
import { CheckpointActions } from './checkpoints/checkpointActions';
import { makeCheckpointBlobs } from './checkpoints/checkpointParts';
import type { CommandTarget } from './commands';
import { findDemoFolder } from './demo';
import { editorContext } from './editorContext';
import { openLog, type Log } from './log';
import type { Models } from './models/models';
import { ModelActions } from './models/modelActions';
import { makeModelParts, type ModelParts } from './models/modelParts';
import { SessionModels } from './models/sessionModels';
import { routeOp } from './opRouter';
import { ProposalFiles } from './review/proposalFiles';
import { Proposals } from './review/proposals';
import { fileStorage } from './sessions/fileStorage';
import { openStorage } from './sessions/openStore';
import { SessionActions } from './sessions/sessionActions';
import { SessionFiles } from './sessions/sessionFiles';
import { makeSessionParts, type SessionParts } from './sessions/sessionParts';
import { makePermissionParts } from './permissions/permissionParts';
import type { WindowContainment } from './permissions/windowContainment';
import type { Sessions } from './sessions/sessions';
import { budgetsSetting, endpointSetting, setEndpointSetting } from './settings';
import { BudgetWarnings } from './spending/budgetWarnings';
import { HostSpending } from './spending/hostSpending';
import { setBudget } from './spending/setBudget';
import type { StatusBar } from './statusBar';
import { codingTemplate } from './template';
import { CommandTerminal } from './terminal/commandTerminal';
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
  const reportError = (what: string, error: unknown): void => log.error(what, error);
  const proposals = makeProposals(owned, log);
  const modelParts = makeModelParts(owned, { context, window, log, post: (message) => chat.answer(message) });
  const { models } = modelParts;
  const frameChanged = (): void => {
    chat.appChanged();
    showStatus(status, parts.sessions);
  };
  const { decided, held, ruleActions } = makePermissionParts({
    ...{ memento: context.workspaceState, onFrameChange: frameChanged, reportError },
    session: () => sessions.agent(sessions.activeId),
    post: (message) => chat.answer(message),
    openChat: () => actions.openChat(),
  });
  const { storage, spending, checkpoints } = await openKept(owned, context.globalStorageUri, log, frameChanged);
  const hidden = [context.globalStorageUri.fsPath];
  const sandboxFactory = (): Sandbox => held.ask(makeSandbox(proposals, { demo: window.demoWorkspace, hidden }));
  const parts: SessionParts = makeSessionParts(owned, {
    ...{ storage, window, log, template: codingTemplate },
    dependencies: { ...dependencies(sandboxFactory, models), spending, checkpoints, ...decided },
    modelFor: (choice) => models.open(choice),
    post: (found) => chat.answer(found),
    reportProblem: (what, error) => actions.report(what, error),
    onFrameChange: frameChanged,
  });
  const { sessions } = parts;
  const sessionModels = new SessionModels(sessions, models, reportError);
  const chat: ChatView = owned.add(
    new ChatView({
      extensionUri: context.extensionUri,
      app: () => appView({ parts, models, sessionModels, spending, window, held }),
      ...{ activeSession: () => sessions.active, opened: parts.opened },
      onVisible: (isVisible) => panelShown(isVisible, { sessions, spending, modelParts }),
      route: (op) => routeOp(op, targets),
      reportProblem: (what, error, sendId) => actions.report(what, error, sendId),
    }),
  );
  const modelActions = makeModelActions(modelParts, sessionModels, sessions, chat);
  const actions = new Actions({
    ...{ sessions, proposals, log, window },
    useModel: (...use) => modelActions.useModel(...use),
    extensionUri: context.extensionUri,
    panel: chat,
  });
  const sessionActions = makeSessionActions(parts, actions, chat, log);
  const checkpointActions = new CheckpointActions({ sessions, panel: chat });
  const targets = { actions, sessionActions, modelActions, ruleActions, checkpointActions };
  connect(owned, { sessions, sessionModels, models, chat, window, held, log, frameChanged });
  warnOfBudgets(owned, sessions, new BudgetWarnings(setBudget, reportError));
  proposals.reconcileTabs().catch((error: unknown) => log.error('Old diffs could not be closed', error));
  return {
    showChat: (view) => chat.resolveWebviewView(view),
    ...{ ...targets, terminal: showCommands(owned, sessions) },
    close: () => parts.close().then(() => owned.dispose()),
  };
}

/** What the panel needs only while it is shown. */
function panelShown(
  isVisible: boolean,
  { sessions, spending, modelParts }: { sessions: Sessions; spending: HostSpending; modelParts: ModelParts },
): void {
  sessions.setVisible(isVisible);
  if (isVisible) spending.refresh();
  else modelParts.picker.close();
}

/** What is kept on this machine for all windows: the sessions, what files were before edits, and what is spent each day. */
async function openKept(
  owned: Disposables,
  storageUri: vscode.Uri,
  log: Log,
  onChange: () => void,
): Promise<Pick<SessionParts, 'storage'> & { readonly spending: HostSpending; readonly checkpoints: CheckpointBlobs }> {
  const dir = storageUri.fsPath;
  const storage = await openStorage(
    () => fileStorage(dir),
    (error) => log.error('The sessions cannot be stored', error),
  );
  const onFailure = (error: unknown): void => log.error('What is spent each day cannot be kept', error);
  const ledger = new FileSpendingLedger({ dir, onFailure });
  const reportError = (what: string, error: unknown): void => log.error(what, error);
  const checkpoints = makeCheckpointBlobs(owned, storageUri, reportError);
  return {
    storage,
    checkpoints,
    spending: new HostSpending({ ledger, budgets: budgetsSetting, onChange, reportError }),
  };
}

function makeProposals(owned: Disposables, log: Log): Proposals {
  const failed = (problem: unknown): void => log.error('A diff could not be shown', problem);
  return owned.add(new Proposals(owned.add(new ProposalFiles()), failed));
}

function dependencies(sandboxFactory: () => Sandbox, models: Models): Omit<AgentDependencies, 'store'> {
  const templateRegistry = new AgentTemplateRegistry();
  templateRegistry.register(codingTemplate);
  return {
    templateRegistry,
    toolRegistry: new ToolRegistry(builtinTools),
    sandboxFactory,
    modelFactory: (choice) => models.openOrSay(choice),
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

function makeModelActions(
  parts: ModelParts,
  sessionModels: SessionModels,
  sessions: Sessions,
  chat: ChatView,
): ModelActions {
  return new ModelActions({
    ...{ ...parts, sessionModels },
    endpoint: endpointSetting,
    setEndpoint: setEndpointSetting,
    activeId: () => sessions.activeId,
    showPicker: () => chat.showModels(),
  });
}

/** Of the sessions that work here: another window warns of its own. */
function warnOfBudgets(owned: Disposables, sessions: Sessions, warnings: BudgetWarnings): void {
  owned.add(
    sessions.onEvent(({ sessionId, envelope: { event, bookmark } }) => {
      if (event.type === 'budget_warning' && sessions.agent(sessionId))
        warnings.take(sessionId, event, localDay(bookmark.timestamp));
    }),
  );
}

/** The terminal gets the commands that run here, whether it is open or not. */
function showCommands(owned: Disposables, sessions: Sessions): CommandTerminal {
  const terminal = owned.add(new CommandTerminal(() => workspaceRoots()[0]?.name ?? ''));
  owned.add(
    sessions.onEvent(({ sessionId, envelope }) => {
      if (sessions.agent(sessionId)) terminal.take(sessionId, envelope.event);
    }),
  );
  return terminal;
}

interface Parts {
  readonly sessions: Sessions;
  readonly sessionModels: SessionModels;
  readonly models: Models;
  readonly chat: ChatView;
  readonly window: WindowState;
  readonly held: WindowContainment;
  readonly log: Log;
  readonly frameChanged: () => void;
}

/** Who hears of whom. */
function connect(owned: Disposables, parts: Parts): void {
  const { sessions, sessionModels, models, chat, window, held, log, frameChanged } = parts;
  const lookForDemo = async (): Promise<void> => {
    window.demoWorkspace = (await findDemoFolder()) !== undefined;
    frameChanged();
  };
  const lookAgain = (): void =>
    void lookForDemo().catch((error: unknown) => log.error('Looking for the sample failed', error));
  owned.add(sessions.onEvent(({ sessionId, envelope }) => chat.event(sessionId, envelope)));
  owned.add(sessions.onReplaced((sessionId) => chat.replaced(sessionId)));
  owned.add(sessions.onDidChange(frameChanged));
  owned.add(models.onDidChange(() => void sessionModels.reopen().then(frameChanged)));
  owned.add(vscode.workspace.onDidGrantWorkspaceTrust(frameChanged));
  owned.add(vscode.workspace.onDidChangeWorkspaceFolders(lookAgain));
  owned.add(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('countersign.budget')) frameChanged();
      if (change.affectsConfiguration('countersign.commands')) held.settingsChanged();
    }),
  );
  chat.onFirstShown(lookAgain);
}

interface Frame {
  readonly parts: SessionParts;
  readonly models: Models;
  readonly sessionModels: SessionModels;
  readonly spending: HostSpending;
  readonly window: WindowState;
  readonly held: WindowContainment;
}

function appView({ parts, models, sessionModels, spending, window, held }: Frame): AppView {
  const choice = sessionModels.of(parts.sessions.activeId);
  return {
    ...parts.frame(),
    ...(choice && { model: models.view(choice) }),
    ...(spending.known && { today: spending.known }),
    budgets: spending.budgets(),
    workspace: { folders: workspaceRoots().map((root) => root.name), trusted: vscode.workspace.isTrusted },
    ...(held.value && { containment: held.value }),
    demoWorkspace: window.demoWorkspace,
  };
}

/** What the shown session has cost is said as far as prices are known. */
function showStatus(status: StatusBar, sessions: Sessions): void {
  const { cost } = totalSpending(sessions.active.spending).usage;
  status.update(sessions.summaries(), cost > 0 ? cost : undefined);
}
