import type { AgentId, PermissionId } from './ids';
import type { Envelope } from './events';
import type { Decision } from './toolCalls';
import type { AppView, SessionView } from './view';

/** Commands that the panel may ask the editor to run; nothing else can be run from there. */
export const panelCommands = [
  'countersign.newSession',
  'countersign.setApiKey',
  'countersign.chooseModel',
  'countersign.tryDemo',
  'countersign.showLog',
  'countersign.openSettings',
  'countersign.openFolder',
  'countersign.manageTrust',
] as const;
export type PanelCommand = (typeof panelCommands)[number];

/** What a face asks of the runtime. The only way in: parsed by `parseOp`, routed by one exhaustive switch. */
export type Op =
  /** The panel is up and wants a complete snapshot. */
  | { readonly type: 'ready' }
  /** Starts a turn; while one runs, the message waits in line. */
  | { readonly type: 'turn.start'; readonly sessionId: AgentId; readonly text: string }
  | { readonly type: 'turn.interrupt'; readonly sessionId: AgentId }
  | {
      readonly type: 'approval.decide';
      readonly sessionId: AgentId;
      readonly permissionId: PermissionId;
      readonly decision: Decision;
      /** The reason of a rejection, for the model. */
      readonly note?: string;
      /** 'session': the same command in the same folder runs unasked until the session ends. Commands only. */
      readonly remember?: 'session';
    }
  /** Shows the diff of an open edit approval, taking focus. */
  | { readonly type: 'approval.show'; readonly sessionId: AgentId; readonly permissionId: PermissionId }
  | { readonly type: 'session.new' }
  | { readonly type: 'session.select'; readonly sessionId: AgentId }
  | { readonly type: 'session.delete'; readonly sessionId: AgentId }
  | { readonly type: 'file.open'; readonly path: string; readonly line?: number }
  /** http(s) only; the editor shows the target before it opens. */
  | { readonly type: 'link.open'; readonly url: string }
  | { readonly type: 'command.run'; readonly command: PanelCommand }
  /** The batch with this number has been drawn; the next may come. */
  | { readonly type: 'ack'; readonly batch: number };

/** What the host posts to the panel. */
export type HostMessage =
  | { readonly type: 'snapshot'; readonly app: AppView; readonly session?: SessionView }
  | { readonly type: 'app'; readonly app: AppView }
  /** Events of the active session after the snapshot's or the last batch's `seq`, in order. */
  | {
      readonly type: 'events';
      readonly sessionId: AgentId;
      readonly batch: number;
      readonly envelopes: readonly Envelope[];
    }
  /** Text for the composer, from "ask about selection". */
  | { readonly type: 'compose'; readonly text: string }
  /** An op that could not be carried out: what happened and what to do next. */
  | { readonly type: 'problem'; readonly message: string; readonly advice: string };
