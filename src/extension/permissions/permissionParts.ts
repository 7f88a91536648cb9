import type * as vscode from 'vscode';
import type { Reviews } from '../../core/permission/reviews';
import type { RuleBook } from '../../core/permission/rules';
import { RuleActions, type RuleActionsPorts } from './ruleActions';
import { WindowContainment } from './windowContainment';
import { WorkspaceReviews } from './workspaceReviews';
import { workspaceRules } from './workspaceRules';

export interface PermissionPartsPorts extends Omit<RuleActionsPorts, 'workspace'> {
  /** What this window keeps of its workspace. */
  readonly memento: vscode.Memento;
  readonly onFrameChange: () => void;
  readonly reportError: (what: string, error: unknown) => void;
}

/** What the user has decided in this workspace, and what holds commands in it, connected. */
export interface PermissionParts {
  /** What agents are made with. */
  readonly decided: { readonly rules: RuleBook; readonly reviews: Reviews };
  readonly held: WindowContainment;
  readonly ruleActions: RuleActions;
}

export function makePermissionParts({
  memento,
  onFrameChange,
  reportError,
  ...ports
}: PermissionPartsPorts): PermissionParts {
  const rules = workspaceRules(memento, () => ruleActions.changed(), reportError);
  const ruleActions = new RuleActions({ workspace: rules, ...ports });
  return {
    decided: { rules, reviews: new WorkspaceReviews(memento, reportError) },
    held: new WindowContainment(onFrameChange, reportError),
    ruleActions,
  };
}
