import type * as vscode from 'vscode';
import type { AppView } from '../../core/protocol/view';
import type { Disposables } from '../../core/util/disposables';
import { PlanActions } from '../plans/planActions';
import { PlanDocuments } from '../plans/planDocuments';
import type { Sessions } from '../sessions/sessions';
import { ModeActions } from './modeActions';
import type { ModeMemory } from './modeMemory';
import { SessionModes } from './sessionModes';

export interface ModePartsPorts {
  readonly sessions: Sessions;
  readonly memory: ModeMemory;
  /** What this window keeps of its workspace. */
  readonly memento: vscode.Memento;
  readonly openChat: () => Promise<void>;
  readonly onFrameChange: () => void;
  readonly reportError: (what: string, error: unknown) => void;
}

/** The modes of this window's sessions, and the plans that wait in them, connected. */
export interface ModeParts {
  readonly modes: SessionModes;
  readonly modeActions: ModeActions;
  readonly planActions: PlanActions;
  /** What the panel shows of them. */
  frame(): Pick<AppView, 'mode' | 'modeToConfirm' | 'plan'>;
}

export function makeModeParts(owned: Disposables, ports: ModePartsPorts): ModeParts {
  const { sessions, memory, memento, openChat, onFrameChange, reportError } = ports;
  const modes = new SessionModes(sessions, memory, onFrameChange, reportError);
  const documents = owned.add(new PlanDocuments({ memento, onChange: onFrameChange, reportError }));
  owned.add(sessions.onDidChange(() => modes.holdAll()));
  owned.add(
    sessions.onEvent(({ envelope: { event } }) => {
      if (event.type === 'permission_decided')
        documents.close(event.permissionId).catch((error: unknown) => reportError('A plan could not be closed', error));
    }),
  );
  return {
    modes,
    modeActions: new ModeActions({ modes, activeId: () => sessions.activeId, openChat }),
    planActions: new PlanActions({ sessions, modes, documents }),
    frame: () => {
      const modeToConfirm = modes.toConfirm(sessions.activeId);
      const plan = waitingPlan(sessions, documents);
      return { mode: modes.of(sessions.activeId), ...(modeToConfirm && { modeToConfirm }), ...(plan && { plan }) };
    },
  };
}

/** What the user has written into the plan that waits in the shown session. */
function waitingPlan(sessions: Sessions, documents: PlanDocuments): AppView['plan'] {
  const waiting = sessions.active.items.findLast(
    (item) => item.kind === 'tool' && item.approval?.subject.kind === 'plan' && !item.approval.decision,
  );
  if (waiting?.kind !== 'tool' || !waiting.approval) return undefined;
  const { permissionId } = waiting.approval;
  const text = documents.text(permissionId);
  return text === undefined ? undefined : { permissionId, text };
}
