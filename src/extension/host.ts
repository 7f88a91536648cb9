import * as vscode from 'vscode';
import type { AgentDependencies } from '../core/agent/config';
import { AgentTemplateRegistry } from '../core/agent/template';
import type { CheckpointBlobs } from '../core/checkpoints/checkpointBlobs';
import type { Sandbox } from '../core/sandbox/sandbox';
import { ToolRegistry } from '../core/tools/toolRegistry';
import { builtinTools } from '../core/tools/tools';
import { Disposables } from '../core/util/disposables';
import { nodeEnvironment } from '../node/environment';
import { FileSpendingLedger } from '../node/store/spendingLedger';
import { Actions } from './actions';
import { appView, showStatus } from './appFrame';
import { ChatView } from './chatView';
import { CheckpointActions } from './checkpoints/checkpointActions';
import { makeCheckpointBlobs } from './checkpoints/checkpointParts';
import type { CommandTarget } from './commands';
import { connectHost, showCommands, warnOfBudgets } from './connectHost';
import { editorContext } from './editorContext';
import { openLog, type Log } from './log';
import type { Models } from './models/models';
import { ModelActions } from './models/modelActions';
import { makeModelParts, type ModelParts } from './models/modelParts';
import { SessionModels } from './models/sessionModels';
import { makeModeParts } from './modes/modeParts';
import { routeOp } from './opRouter';
import { makeReviewParts, type ReviewParts, type ReviewPartsPorts } from './review/reviewParts';
import { fileStorage } from './sessions/fileStorage';
import { openStorage } from './sessions/openStore';
import { SessionActions } from './sessions/sessionActions';
import { SessionFiles } from './sessions/sessionFiles';
import { makeSessionParts, type SessionParts } from './sessions/sessionParts';
import { makePermissionParts } from './permissions/permissionParts';
import type { WindowContainment } from './permissions/windowContainment';
import { askFirst } from './sessions/inUse';
import type { Sessions } from './sessions/sessions';
import { budgetsSetting, endpointSetting, setEndpointSetting } from './settings';
import { BudgetWarnings } from './spending/budgetWarnings';
import { HostSpending } from './spending/hostSpending';
import { setBudget } from './spending/setBudget';
import type { StatusBar } from './statusBar';
import { codingTemplate } from './template';
import { WindowState } from './windowState';
import { makeSandbox } from './workspaceSandbox';

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
  const modelParts = makeModelParts(owned, { context, window, log, post: (message) => chat.answer(message) });
  const { models } = modelParts;
  const frameChanged = (): void => {
    chat.appChanged();
    showStatus(status, parts.sessions, modeParts);
  };
  const openChat = (): Promise<void> => actions.openChat();
  const { decided, held, ruleActions } = makePermissionParts({
    ...{ memento: context.workspaceState, onFrameChange: frameChanged, reportError },
    session: () => sessions.agent(sessions.activeId),
    ...{ post: (message) => chat.answer(message), openChat },
  });
  const { storage, ...kept } = await openKept(owned, context.globalStorageUri, log, frameChanged);
  const { spending } = kept;
  const late = (): Late => ({ sessions, actions });
  const review = makeReview(owned, { context, reviews: decided.reviews, log, frameChanged }, late);
  const parts: SessionParts = makeSessionParts(owned, {
    ...{ storage, window, log, template: codingTemplate, memento: context.workspaceState },
    dependencies: { ...dependencies(hands(context, { window, held, review }), models), ...kept, ...decided },
    modelFor: (choice) => models.open(choice),
    post: (found) => chat.answer(found),
    reportProblem: (what, error) => actions.report(what, error),
    onFrameChange: frameChanged,
  });
  const { sessions } = parts;
  const sessionModels = new SessionModels(sessions, models, reportError);
  const modeParts = makeModeParts(owned, { parts, memento: context.workspaceState, log, openChat, frameChanged });
  const chat: ChatView = owned.add(
    new ChatView({
      extensionUri: context.extensionUri,
      app: () => appView({ parts, models, sessionModels, spending, window, held, modeParts, review }),
      ...{ activeSession: () => sessions.active, opened: parts.opened },
      onVisible: (isVisible) => panelShown(isVisible, { sessions, spending, modelParts }),
      route: (op) => routeOp(op, targets),
      reportProblem: (what, error, sendId) => actions.report(what, error, sendId),
    }),
  );
  const modelActions = makeModelActions(modelParts, sessionModels, sessions, chat);
  const { proposals } = review;
  const useModel: ModelActions['useModel'] = (...use) => modelActions.useModel(...use);
  const actions = new Actions({
    ...{ sessions, proposals, log, window, panel: chat, useModel, extensionUri: context.extensionUri },
  });
  const sessionActions = makeSessionActions(parts, actions, chat, log);
  const checkpointActions = new CheckpointActions({ sessions, panel: chat });
  const targets = { actions, sessionActions, modelActions, ruleActions, checkpointActions, ...review, ...modeParts };
  connectHost(owned, { sessions, sessionModels, models, chat, window, held, log, frameChanged });
  warnOfBudgets(owned, sessions, new BudgetWarnings(setBudget, reportError));
  return {
    showChat: (view) => chat.resolveWebviewView(view),
    ...{ ...targets, terminal: showCommands(owned, sessions) },
    close: () => closeInOrder(owned, review, parts),
  };
}

async function closeInOrder(owned: Disposables, ...parts: readonly { close(): Promise<void> }[]): Promise<void> {
  for (const part of parts) await part.close();
  owned.dispose();
}

/** What is made after those that need it. */
interface Late {
  readonly sessions: Sessions;
  readonly actions: Actions;
}

function makeReview(
  owned: Disposables,
  made: Pick<ReviewPartsPorts, 'context' | 'reviews' | 'log' | 'frameChanged'>,
  late: () => Late,
): ReviewParts {
  return makeReviewParts(owned, {
    ...made,
    decide: (...answer) => late().actions.answerProposal(...answer),
    tell: async (agentId, text, about) => (await late().sessions.agentFor(agentId, askFirst)).tell(text, about),
    instruct: (agentId, text) => late().sessions.send(agentId, text, askFirst),
    report: (what, error) => late().actions.report(what, error),
  });
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

interface HandsParts {
  readonly window: WindowState;
  readonly held: WindowContainment;
  readonly review: Pick<ReviewParts, 'proposals' | 'witness'>;
}

/** What makes an agent's sandbox. */
function hands(
  { globalStorageUri }: vscode.ExtensionContext,
  { window, held, review: { proposals, witness } }: HandsParts,
): () => Sandbox {
  const hidden = [globalStorageUri.fsPath];
  return () => held.ask(makeSandbox(proposals, { demo: window.demoWorkspace, hidden, witness }));
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
  const { sessions, search, deleted, size, storage, modes } = parts;
  const { store } = storage;
  return new SessionActions({
    ...{ sessions, search, deleted, store, modes },
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
