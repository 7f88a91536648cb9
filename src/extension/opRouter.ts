import type { Decision, RuleScope } from '../core/protocol/toolCalls';
import type { RestoreWish } from '../core/protocol/checkpoints';
import type { AgentId, MessageId, PermissionId } from '../core/protocol/ids';
import type { ReviewMode } from '../core/protocol/modes';
import type { ModelChoice } from '../core/protocol/models';
import type { PlanComment } from '../core/protocol/plans';
import type { Op, PanelCommand } from '../core/protocol/ops';
import { assertNever } from '../core/util/assertNever';

/** `ready` and `ack` are the panel's own traffic; everything else is somebody's wish. */
export type RoutedOp = Exclude<Op, { readonly type: 'ready' | 'ack' }>;

/** What operations do; each rejects with an error for people when it cannot. */
export interface OpHandlers {
  startTurn(sessionId: AgentId, text: string): Promise<void>;
  interrupt(sessionId: AgentId): Promise<void>;
  decide(
    sessionId: AgentId,
    permissionId: PermissionId,
    answer: { readonly decision: Decision; readonly note?: string; readonly remember?: RuleScope },
  ): Promise<void>;
  showProposal(permissionId: PermissionId): Promise<void>;
  openFile(path: string, line: number | undefined): Promise<void>;
  openLink(url: string): Promise<void>;
  runCommand(command: PanelCommand): Promise<void>;
}

/** What operations do to whole sessions. */
export interface SessionOpHandlers {
  newSession(): Promise<void>;
  select(sessionId: AgentId): Promise<void>;
  delete(sessionId: AgentId): Promise<void>;
  restore(sessionId: AgentId): Promise<void>;
  rename(sessionId: AgentId, title: string): Promise<void>;
  pin(sessionId: AgentId, pinned: boolean): Promise<void>;
  search(query: string, anyFolder: boolean): Promise<void>;
  takeOver(sessionId: AgentId, how: 'ask' | 'unjudged'): Promise<void>;
  adopt(sessionId: AgentId): Promise<void>;
  fork(sessionId: AgentId, messageId: MessageId): Promise<void>;
  rewind(sessionId: AgentId, messageId: MessageId): Promise<void>;
  compact(sessionId: AgentId): Promise<void>;
}

/** What operations do with models and keys. */
export interface ModelOpHandlers {
  openModels(): Promise<void>;
  closeModels(): Promise<void>;
  listModels(vendor: string): Promise<void>;
  useModel(sessionId: AgentId | undefined, choice: ModelChoice, standard: boolean): Promise<void>;
  testModel(testId: string, choice: ModelChoice): Promise<void>;
  favourite(choice: ModelChoice, on: boolean): Promise<void>;
  setKey(vendor: string, name: string, key: string): Promise<void>;
  useKey(vendor: string, name: string): Promise<void>;
  removeKey(vendor: string, name: string): Promise<void>;
  setEndpoint(vendor: string, baseUrl: string): Promise<void>;
}

/** What the operations do with remembered answers. */
export interface RuleOpHandlers {
  openRules(): Promise<void>;
  closeRules(): Promise<void>;
  removeRule(id: string): Promise<void>;
}

/** What the operations do with the mode of a session. */
export interface ModeOpHandlers {
  setMode(sessionId: AgentId, mode: ReviewMode, confirmed: boolean): Promise<void>;
}

/** What the operations do with a plan that waits. */
export interface PlanOpHandlers {
  edit(sessionId: AgentId, permissionId: PermissionId): Promise<void>;
  go(
    sessionId: AgentId,
    permissionId: PermissionId,
    mode: Exclude<ReviewMode, 'plan'>,
    comments: readonly PlanComment[],
  ): Promise<void>;
  keep(sessionId: AgentId, permissionId: PermissionId, reason: string, comments: readonly PlanComment[]): Promise<void>;
}

/** What the operations do with edits that landed and wait. */
export interface ReviewOpHandlers {
  decide(decision: 'accept' | 'reject', path: string | undefined): Promise<void>;
  show(path: string | undefined): Promise<void>;
}

/** What operations do with checkpoints. */
export interface CheckpointOpHandlers {
  previewRestore(sessionId: AgentId, messageId: MessageId): Promise<void>;
  restore(sessionId: AgentId, messageId: MessageId, wish: RestoreWish & { readonly token?: string }): Promise<void>;
  undo(sessionId: AgentId): Promise<void>;
}

/** Where operations end. */
export interface OpTarget {
  readonly actions: OpHandlers;
  readonly sessionActions: SessionOpHandlers;
  readonly modelActions: ModelOpHandlers;
  readonly ruleActions: RuleOpHandlers;
  readonly modeActions: ModeOpHandlers;
  readonly planActions: PlanOpHandlers;
  readonly reviewOps: ReviewOpHandlers;
  readonly checkpointActions: CheckpointOpHandlers;
}

/** Carries an operation out; what goes wrong is reported with the id of the message it was about, if it was one. */
export async function carryOut(
  op: RoutedOp,
  route: (op: RoutedOp) => Promise<void>,
  report: (what: string, error: unknown, sendId?: string) => void,
): Promise<void> {
  try {
    await route(op);
  } catch (error) {
    report('An operation failed', error, op.type === 'turn.start' ? op.sendId : undefined);
  }
}

/** Where each operation goes. */
export async function routeOp(op: RoutedOp, target: OpTarget): Promise<void> {
  const { actions } = target;
  switch (op.type) {
    case 'turn.start':
    case 'turn.interrupt':
      return op.type === 'turn.start' ? actions.startTurn(op.sessionId, op.text) : actions.interrupt(op.sessionId);
    case 'approval.decide':
    case 'approval.show':
      if (op.type === 'approval.show') return actions.showProposal(op.permissionId);
      return actions.decide(op.sessionId, op.permissionId, op);
    case 'file.open':
      return actions.openFile(op.path, op.line);
    case 'link.open':
      return actions.openLink(op.url);
    case 'command.run':
      return actions.runCommand(op.command);
    case 'session.new':
    case 'session.select':
    case 'session.delete':
    case 'session.restore':
    case 'session.rename':
    case 'session.pin':
    case 'session.search':
    case 'session.takeOver':
    case 'session.adopt':
    case 'session.fork':
    case 'session.rewind':
    case 'session.compact':
      return routeSessionOp(op, target.sessionActions);
    case 'models.open':
    case 'models.close':
    case 'models.list':
    case 'model.use':
    case 'model.test':
    case 'model.favourite':
    case 'key.set':
    case 'key.use':
    case 'key.remove':
    case 'endpoint.set':
      return routeModelOp(op, target.modelActions);
    case 'mode.set':
    case 'plan.edit':
    case 'plan.go':
    case 'plan.keep':
      return routeModeOp(op, target);
    case 'review.decide':
    case 'review.show':
      return routeReviewOp(op, target.reviewOps);
    case 'checkpoint.preview':
    case 'checkpoint.restore':
    case 'checkpoint.undo':
      return routeCheckpointOp(op, target.checkpointActions);
    case 'rules.open':
    case 'rules.close':
    case 'rule.remove':
      return routeRuleOp(op, target.ruleActions);
    default:
      return assertNever(op);
  }
}

async function routeRuleOp(
  op: Extract<RoutedOp, { readonly type: `rules.${string}` | 'rule.remove' }>,
  handlers: RuleOpHandlers,
): Promise<void> {
  if (op.type === 'rules.open') await handlers.openRules();
  else if (op.type === 'rules.close') await handlers.closeRules();
  else await handlers.removeRule(op.ruleId);
}

async function routeCheckpointOp(
  op: Extract<RoutedOp, { readonly type: `checkpoint.${string}` }>,
  handlers: CheckpointOpHandlers,
): Promise<void> {
  switch (op.type) {
    case 'checkpoint.preview':
      return handlers.previewRestore(op.sessionId, op.messageId);
    case 'checkpoint.restore':
      return handlers.restore(op.sessionId, op.messageId, op);
    case 'checkpoint.undo':
      return handlers.undo(op.sessionId);
    default:
      return assertNever(op);
  }
}

async function routeReviewOp(
  op: Extract<RoutedOp, { readonly type: `review.${string}` }>,
  handlers: ReviewOpHandlers,
): Promise<void> {
  if (op.type === 'review.show') await handlers.show(op.path);
  else await handlers.decide(op.decision, op.path);
}

async function routeModeOp(
  op: Extract<RoutedOp, { readonly type: `plan.${string}` | 'mode.set' }>,
  { modeActions, planActions }: OpTarget,
): Promise<void> {
  switch (op.type) {
    case 'mode.set':
      return modeActions.setMode(op.sessionId, op.mode, op.confirmed === true);
    case 'plan.edit':
      return planActions.edit(op.sessionId, op.permissionId);
    case 'plan.go':
      return planActions.go(op.sessionId, op.permissionId, op.mode, op.comments);
    case 'plan.keep':
      return planActions.keep(op.sessionId, op.permissionId, op.reason, op.comments);
    default:
      return assertNever(op);
  }
}

async function routeSessionOp(
  op: Extract<RoutedOp, { readonly type: `session.${string}` }>,
  handlers: SessionOpHandlers,
): Promise<void> {
  switch (op.type) {
    case 'session.new':
      return handlers.newSession();
    case 'session.select':
      return handlers.select(op.sessionId);
    case 'session.delete':
      return handlers.delete(op.sessionId);
    case 'session.restore':
      return handlers.restore(op.sessionId);
    case 'session.rename':
      return handlers.rename(op.sessionId, op.title);
    case 'session.pin':
      return handlers.pin(op.sessionId, op.pinned);
    case 'session.search':
      return handlers.search(op.query, op.anyFolder);
    case 'session.takeOver':
      return handlers.takeOver(op.sessionId, op.how);
    case 'session.adopt':
      return handlers.adopt(op.sessionId);
    case 'session.fork':
      return handlers.fork(op.sessionId, op.messageId);
    case 'session.rewind':
      return handlers.rewind(op.sessionId, op.messageId);
    case 'session.compact':
      return handlers.compact(op.sessionId);
    default:
      return assertNever(op);
  }
}

type ModelOp = Extract<
  RoutedOp,
  { readonly type: `models.${string}` | `model.${string}` | `key.${string}` | 'endpoint.set' }
>;

async function routeModelOp(op: ModelOp, handlers: ModelOpHandlers): Promise<void> {
  switch (op.type) {
    case 'models.open':
      return handlers.openModels();
    case 'models.close':
      return handlers.closeModels();
    case 'models.list':
      return handlers.listModels(op.vendor);
    case 'model.use':
      return handlers.useModel(op.sessionId, op.choice, op.standard);
    case 'model.test':
      return handlers.testModel(op.testId, op.choice);
    case 'model.favourite':
      return handlers.favourite(op.choice, op.on);
    case 'key.set':
      return handlers.setKey(op.vendor, op.name, op.key);
    case 'key.use':
      return handlers.useKey(op.vendor, op.name);
    case 'key.remove':
      return handlers.removeKey(op.vendor, op.name);
    case 'endpoint.set':
      return handlers.setEndpoint(op.vendor, op.baseUrl);
    default:
      return assertNever(op);
  }
}
