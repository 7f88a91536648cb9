import type * as vscode from 'vscode';
import type { AppView } from '../../core/protocol/view';
import type { Disposables } from '../../core/util/disposables';
import type { Log } from '../log';
import { PlanActions } from '../plans/planActions';
import { PlanDocuments } from '../plans/planDocuments';
import type { SessionParts } from '../sessions/sessionParts';
import type { Sessions } from '../sessions/sessions';
import { ModeActions } from './modeActions';
import { SessionModes } from './sessionModes';

export interface ModePartsPorts {
  readonly parts: Pick<SessionParts, 'sessions' | 'modes'>;
  /** What this window keeps of its workspace. */
  readonly memento: vscode.Memento;
  readonly log: Pick<Log, 'error'>;
  readonly openChat: () => Promise<void>;
  readonly frameChanged: () => void;
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
  const { parts, memento, log, openChat, frameChanged } = ports;
  const { sessions } = parts;
  const reportError = (what: string, error: unknown): void => log.error(what, error);
  const modes = new SessionModes(sessions, parts.modes, frameChanged, reportError);
  const documents = owned.add(new PlanDocuments({ memento, onChange: frameChanged, reportError }));
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
