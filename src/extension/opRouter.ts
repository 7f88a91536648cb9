import type { Decision } from '../core/protocol/toolCalls';
import type { AgentId, PermissionId } from '../core/protocol/ids';
import type { PanelCommand } from '../core/protocol/ops';
import { assertNever } from '../core/util/assertNever';
import type { RoutedOp } from './chatView';

/** What operations do; each rejects with an error for people when it cannot. */
export interface OpHandlers {
  startTurn(sessionId: AgentId, text: string): Promise<void>;
  interrupt(sessionId: AgentId): Promise<void>;
  decide(
    sessionId: AgentId,
    permissionId: PermissionId,
    answer: { readonly decision: Decision; readonly note?: string; readonly remember?: 'session' },
  ): Promise<void>;
  showProposal(permissionId: PermissionId): Promise<void>;
  newSession(): Promise<void>;
  selectSession(sessionId: AgentId): void;
  deleteSession(sessionId: AgentId): Promise<void>;
  openFile(path: string, line: number | undefined): Promise<void>;
  openLink(url: string): Promise<void>;
  runCommand(command: PanelCommand): Promise<void>;
}

/** Where each operation goes. */
export async function routeOp(op: RoutedOp, handlers: OpHandlers): Promise<void> {
  switch (op.type) {
    case 'turn.start':
      return handlers.startTurn(op.sessionId, op.text);
    case 'turn.interrupt':
      return handlers.interrupt(op.sessionId);
    case 'approval.decide':
      return handlers.decide(op.sessionId, op.permissionId, op);
    case 'approval.show':
      return handlers.showProposal(op.permissionId);
    case 'session.new':
      return handlers.newSession();
    case 'session.select':
      handlers.selectSession(op.sessionId);
      return;
    case 'session.delete':
      return handlers.deleteSession(op.sessionId);
    case 'file.open':
      return handlers.openFile(op.path, op.line);
    case 'link.open':
      return handlers.openLink(op.url);
    case 'command.run':
      return handlers.runCommand(op.command);
    default:
      return assertNever(op);
  }
}
