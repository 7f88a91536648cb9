import * as vscode from 'vscode';
import type { Disposables } from '../core/util/disposables';
import { localDay } from '../core/util/localDay';
import type { ChatView } from './chatView';
import { findDemoFolder } from './demo';
import type { Log } from './log';
import type { Models } from './models/models';
import type { SessionModels } from './models/sessionModels';
import type { WindowContainment } from './permissions/windowContainment';
import type { Sessions } from './sessions/sessions';
import type { BudgetWarnings } from './spending/budgetWarnings';
import { CommandTerminal } from './terminal/commandTerminal';
import type { WindowState } from './windowState';
import { workspaceRoots } from './workspaceSandbox';

/** Who hears of whom. */
export function connectHost(owned: Disposables, parts: ConnectedParts): void {
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
      if (['budget', 'mode'].some((name) => change.affectsConfiguration(`countersign.${name}`))) frameChanged();
      if (change.affectsConfiguration('countersign.commands')) held.settingsChanged();
    }),
  );
  chat.onFirstShown(lookAgain);
}

/** Of the sessions that work here: another window warns of its own. */
export function warnOfBudgets(owned: Disposables, sessions: Sessions, warnings: BudgetWarnings): void {
  owned.add(
    sessions.onEvent(({ sessionId, envelope: { event, bookmark } }) => {
      if (event.type === 'budget_warning' && sessions.agent(sessionId))
        warnings.take(sessionId, event, localDay(bookmark.timestamp));
    }),
  );
}

/** The terminal gets the commands that run here, whether it is open or not. */
export function showCommands(owned: Disposables, sessions: Sessions): CommandTerminal {
  const terminal = owned.add(new CommandTerminal(() => workspaceRoots()[0]?.name ?? ''));
  owned.add(
    sessions.onEvent(({ sessionId, envelope }) => {
      if (sessions.agent(sessionId)) terminal.take(sessionId, envelope.event);
    }),
  );
  return terminal;
}

/** Who is connected. */
export interface ConnectedParts {
  readonly sessions: Sessions;
  readonly sessionModels: SessionModels;
  readonly models: Models;
  readonly chat: ChatView;
  readonly window: WindowState;
  readonly held: WindowContainment;
  readonly log: Log;
  readonly frameChanged: () => void;
}
