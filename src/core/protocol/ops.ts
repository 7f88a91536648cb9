import type { AgentId, MessageId, PermissionId } from './ids';
import type { RestorePreview } from './checkpoints';
import type { Envelope } from './events';
import type { ReviewMode } from './modes';
import type { ModelChoice, ModelTest, ModelsView } from './models';
import type { PlanComment } from './plans';
import type { Decision, RuleScope, RuleView } from './toolCalls';
import type { AppView, SessionRow, SessionView } from './view';

/** Commands that the panel may ask the editor to run; nothing else can be run from there. */
export const panelCommands = [
  'countersign.newSession',
  'countersign.setApiKey',
  'countersign.chooseModel',
  'countersign.tryDemo',
  'countersign.showLog',
  'countersign.openSettings',
  'countersign.setBudget',
  'countersign.showRules',
  'countersign.openFolder',
  'countersign.manageTrust',
  'countersign.exportSession',
  'countersign.importSession',
  'countersign.salvageSession',
] as const;
export type PanelCommand = (typeof panelCommands)[number];

/** What a face asks of the runtime. The only way in: parsed by `parseOp`, routed by one exhaustive switch. */
export type Op =
  /** The panel is up and wants a complete snapshot. */
  | { readonly type: 'ready' }
  /** Starts a turn; while one runs, the message waits in line. `sendId` comes back with the problem if it cannot be carried out. */
  | { readonly type: 'turn.start'; readonly sessionId: AgentId; readonly text: string; readonly sendId?: string }
  | { readonly type: 'turn.interrupt'; readonly sessionId: AgentId }
  | {
      readonly type: 'approval.decide';
      readonly sessionId: AgentId;
      readonly permissionId: PermissionId;
      readonly decision: Decision;
      /** The reason of a rejection, or the answer to a question, for the model. */
      readonly note?: string;
      /** What `subject.remember` lists runs unasked from now on, in this session or in this workspace. */
      readonly remember?: RuleScope;
    }
  /** Shows the diff of an open edit approval, taking focus. */
  | { readonly type: 'approval.show'; readonly sessionId: AgentId; readonly permissionId: PermissionId }
  /** What runs unasked in this session from now on. `confirmed`: the user was told what a wide mode means. */
  | { readonly type: 'mode.set'; readonly sessionId: AgentId; readonly mode: ReviewMode; readonly confirmed?: true }
  /** Opens a waiting plan in the editor, to be changed there. */
  | { readonly type: 'plan.edit'; readonly sessionId: AgentId; readonly permissionId: PermissionId }
  /** The plan is agreed to as the user left it; the session goes on in this mode. */
  | {
      readonly type: 'plan.go';
      readonly sessionId: AgentId;
      readonly permissionId: PermissionId;
      readonly mode: Exclude<ReviewMode, 'plan'>;
      readonly comments: readonly PlanComment[];
    }
  /** The plan is not good yet. */
  | {
      readonly type: 'plan.keep';
      readonly sessionId: AgentId;
      readonly permissionId: PermissionId;
      readonly reason: string;
      readonly comments: readonly PlanComment[];
    }
  /** Countersigns what waits to be reviewed, or takes it back. `path`: as `PendingFileView.path`; absent: all of it. */
  | { readonly type: 'review.decide'; readonly decision: 'accept' | 'reject'; readonly path?: string }
  /** Opens the first hunk that waits, of this file or of all. */
  | { readonly type: 'review.show'; readonly path?: string }
  | { readonly type: 'session.new' }
  | { readonly type: 'session.select'; readonly sessionId: AgentId }
  /** Into the trash; `session.restore` brings it back. */
  | { readonly type: 'session.delete'; readonly sessionId: AgentId }
  | { readonly type: 'session.restore'; readonly sessionId: AgentId }
  | { readonly type: 'session.rename'; readonly sessionId: AgentId; readonly title: string }
  | { readonly type: 'session.pin'; readonly sessionId: AgentId; readonly pinned: boolean }
  /** Lists sessions whose title or text holds the query, all of them for an empty one. `anyFolder`: of other folders too. */
  | { readonly type: 'session.search'; readonly query: string; readonly anyFolder: boolean }
  /** 'ask': asks the window that holds it to hand over. 'unjudged': the user says that the holder has ended. */
  | { readonly type: 'session.takeOver'; readonly sessionId: AgentId; readonly how: 'ask' | 'unjudged' }
  /** Moves a session of another folder to this window's folders, where it can be written. */
  | { readonly type: 'session.adopt'; readonly sessionId: AgentId }
  /** A new session with everything before this message, which comes into the composer. */
  | { readonly type: 'session.fork'; readonly sessionId: AgentId; readonly messageId: MessageId }
  /** Takes the conversation back to before this message, which comes into the composer. */
  | { readonly type: 'session.rewind'; readonly sessionId: AgentId; readonly messageId: MessageId }
  /** Asks what a restore to before this message would do to files; answered by `checkpointPreview`. */
  | { readonly type: 'checkpoint.preview'; readonly sessionId: AgentId; readonly messageId: MessageId }
  /** Takes files, the conversation or both back to before this message. `token`: of the preview that was shown. */
  | {
      readonly type: 'checkpoint.restore';
      readonly sessionId: AgentId;
      readonly messageId: MessageId;
      readonly files: boolean;
      readonly conversation: boolean;
      readonly token?: string;
    }
  /** Takes the last restore back. */
  | { readonly type: 'checkpoint.undo'; readonly sessionId: AgentId }
  /** Sums up the older part of the conversation now. */
  | { readonly type: 'session.compact'; readonly sessionId: AgentId }
  /** The model picker is open: the host posts `models` now and whenever something in it changes, and looks for local servers. */
  | { readonly type: 'models.open' }
  | { readonly type: 'models.close' }
  /** Asks a vendor's endpoint for its models. */
  | { readonly type: 'models.list'; readonly vendor: string }
  /** The session asks this model from now on. `standard`: new sessions too. Without a session there are only the new ones. */
  | {
      readonly type: 'model.use';
      readonly sessionId?: AgentId;
      readonly choice: ModelChoice;
      readonly standard: boolean;
    }
  /** One small real request; answered by `modelTested` with the same id. */
  | { readonly type: 'model.test'; readonly testId: string; readonly choice: ModelChoice }
  | { readonly type: 'model.favourite'; readonly choice: ModelChoice; readonly on: boolean }
  /** Keeps a key in the editor's secret storage and makes it the vendor's current one. */
  | { readonly type: 'key.set'; readonly vendor: string; readonly name: string; readonly key: string }
  | { readonly type: 'key.use'; readonly vendor: string; readonly name: string }
  | { readonly type: 'key.remove'; readonly vendor: string; readonly name: string }
  /** Where a vendor's requests go; empty: to the vendor's own address. */
  | { readonly type: 'endpoint.set'; readonly vendor: string; readonly baseUrl: string }
  /** The list of rules is open: the host posts `rules` now and whenever one comes or goes. */
  | { readonly type: 'rules.open' }
  | { readonly type: 'rules.close' }
  | { readonly type: 'rule.remove'; readonly ruleId: string }
  | { readonly type: 'file.open'; readonly path: string; readonly line?: number }
  /** http(s) only; the editor shows the target before it opens. */
  | { readonly type: 'link.open'; readonly url: string }
  | { readonly type: 'command.run'; readonly command: PanelCommand }
  /** The batch with this number has been drawn; the next may come. */
  | { readonly type: 'ack'; readonly batch: number };

/** What the host posts to the panel. */
export type HostMessage =
  /** What the open model picker shows. */
  | { readonly type: 'models'; readonly models: ModelsView }
  | { readonly type: 'modelTested'; readonly testId: string; readonly result: ModelTest }
  /** Opens the model picker in the panel. */
  | { readonly type: 'showModels' }
  /** What runs unasked: the rules of this workspace, then those of the shown session. */
  | { readonly type: 'rules'; readonly rules: readonly RuleView[] }
  /** Opens the list of rules in the panel. */
  | { readonly type: 'showRules' }
  | { readonly type: 'snapshot'; readonly app: AppView; readonly session?: SessionView }
  | { readonly type: 'app'; readonly app: AppView }
  /** Events of the active session after the snapshot's or the last batch's `seq`, in order. */
  | {
      readonly type: 'events';
      readonly sessionId: AgentId;
      readonly batch: number;
      readonly envelopes: readonly Envelope[];
    }
  /** The answer to `session.search`; each one takes the place of the last for the same query. At most 200 rows, pinned first, then the last changed. */
  | {
      readonly type: 'found';
      readonly query: string;
      readonly rows: readonly SessionRow[];
      /** How many there are in all, as far as is known. */
      readonly total: number;
      /** False while the search goes on. */
      readonly done: boolean;
    }
  /** What a restore would do to files, or why that cannot be said. */
  | {
      readonly type: 'checkpointPreview';
      readonly sessionId: AgentId;
      readonly messageId: MessageId;
      readonly preview?: RestorePreview;
      readonly problem?: { readonly message: string; readonly advice: string };
    }
  /** Text for the composer, from "ask about selection". */
  | { readonly type: 'compose'; readonly text: string }
  /** An op that could not be carried out: what happened and what to do next. `sendId`: that of the `turn.start` it was. */
  | { readonly type: 'problem'; readonly message: string; readonly advice: string; readonly sendId?: string };
