import * as vscode from 'vscode';
import { totalSpending } from '../core/protocol/usage';
import type { AppView } from '../core/protocol/view';
import type { Models } from './models/models';
import type { SessionModels } from './models/sessionModels';
import type { ModeParts } from './modes/modeParts';
import type { WindowContainment } from './permissions/windowContainment';
import type { ReviewParts } from './review/reviewParts';
import type { SessionParts } from './sessions/sessionParts';
import type { Sessions } from './sessions/sessions';
import type { HostSpending } from './spending/hostSpending';
import type { StatusBar } from './statusBar';
import type { WindowState } from './windowState';
import { workspaceRoots } from './workspaceSandbox';

/** What the panel shows around the session. */
export function appView({ parts, models, sessionModels, spending, window, held, modeParts, review }: Frame): AppView {
  const choice = sessionModels.of(parts.sessions.activeId);
  return {
    ...parts.frame(),
    ...modeParts.frame(),
    ...review.frame(),
    ...(choice && { model: models.view(choice) }),
    ...(spending.known && { today: spending.known }),
    budgets: spending.budgets(),
    workspace: { folders: workspaceRoots().map((root) => root.name), trusted: vscode.workspace.isTrusted },
    ...(held.value && { containment: held.value }),
    demoWorkspace: window.demoWorkspace,
  };
}

/** What the shown session has cost is said as far as prices are known. */
export function showStatus(status: StatusBar, sessions: Sessions, { modes }: ModeParts): void {
  const { cost } = totalSpending(sessions.active.spending).usage;
  status.update(sessions.summaries(), modes.of(sessions.activeId), cost > 0 ? cost : undefined);
}

/** What a window shows around its sessions comes from these. */
export interface Frame {
  readonly parts: SessionParts;
  readonly models: Models;
  readonly sessionModels: SessionModels;
  readonly spending: HostSpending;
  readonly window: WindowState;
  readonly held: WindowContainment;
  readonly modeParts: ModeParts;
  readonly review: ReviewParts;
}
