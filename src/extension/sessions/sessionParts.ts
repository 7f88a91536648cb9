import * as vscode from 'vscode';
import type { AgentDependencies } from '../../core/agent/config';
import type { AgentTemplateDefinition } from '../../core/agent/template';
import { isAgentId, type AgentId } from '../../core/protocol/ids';
import type { AppView } from '../../core/protocol/view';
import type { Disposable, Disposables } from '../../core/util/disposables';
import type { Log } from '../log';
import type { ModeMemory } from '../modes/modeMemory';
import { openModeMemory } from '../modes/openModeMemory';
import { retentionSetting } from '../settings';
import type { WindowState } from '../windowState';
import { workspaceRoots } from '../workspaceSandbox';
import { DeletedSession } from './deletedSession';
import { obstacleOf } from './obstacle';
import type { OpenedStorage } from './openStore';
import { applyRetention } from './retention';
import { SessionAgents, type SessionAgentsPorts } from './sessionAgents';
import { SessionSearch, type Found } from './sessionSearch';
import { Sessions } from './sessions';
import { StorageSize } from './storageSize';

export interface SessionPartsPorts {
  readonly storage: OpenedStorage;
  readonly dependencies: Omit<AgentDependencies, 'store'>;
  readonly template: AgentTemplateDefinition;
  readonly modelFor: SessionAgentsPorts['modelFor'];
  /** What this window keeps of its workspace. */
  readonly memento: vscode.Memento;
  readonly window: WindowState;
  readonly log: Log;
  /** The user hears of it, and the log. */
  readonly reportProblem: (what: string, error: unknown) => void;
  readonly post: (found: Found) => void;
  readonly onFrameChange: () => void;
}

/** What belongs to the sessions of this window, connected. */
export interface SessionParts {
  readonly storage: OpenedStorage;
  readonly agents: SessionAgents;
  readonly modes: ModeMemory;
  readonly sessions: Sessions;
  readonly search: SessionSearch;
  readonly deleted: DeletedSession;
  readonly size: StorageSize;
  /** Resolves when the session of before the reload is shown again, if there was one. */
  readonly opened: Promise<void>;
  /** What the panel shows of them. */
  frame(): Pick<
    AppView,
    'sessions' | 'activeSessionId' | 'instructions' | 'readOnly' | 'deleted' | 'storage' | 'storageProblem'
  >;
  close(): Promise<void>;
}

/** Milliseconds after the start until old sessions are looked for. */
const retentionDelayMs = 30_000;

export function makeSessionParts(owned: Disposables, ports: SessionPartsPorts): SessionParts {
  const { storage, template, modelFor, window, log, memento, post, onFrameChange, reportProblem } = ports;
  const { store } = storage;
  const folders = (): readonly string[] => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.toString());
  const dependencies = { ...ports.dependencies, store };
  const modes = openModeMemory(memento, (what, error) => log.error(what, error));
  const permissionFor: SessionAgentsPorts['permissionFor'] = (sessionId, from) => modes.permissionFor(sessionId, from);
  const agents = new SessionAgents({ dependencies, template, modelFor, permissionFor, folders });
  const sessions = new Sessions({
    ...{ store, agents, folders },
    obstacle: () => obstacleOf({ isTrusted: vscode.workspace.isTrusted, hasFolder: workspaceRoots().length > 0 }),
    reportError: (what, error) => log.error(what, error),
    reportProblem,
  });
  const isOurs = (sessionId: AgentId): boolean => sessions.agent(sessionId) !== undefined;
  const search = new SessionSearch({ store, folders, isOurs, searchText: storage.searchText, post });
  const deleted = owned.add(new DeletedSession(onFrameChange));
  const size = new StorageSize(store, storage.sizeBytes ?? (() => Promise.resolve(0)), onFrameChange);
  const opened = showAgain(sessions, window, log);
  owned.add(rememberShown(sessions, window, log, opened));
  owned.add(keepOnlyRecent(storage, log));
  return {
    ...{ storage, agents, modes, sessions, search, deleted, size, opened },
    frame: () => ({
      sessions: sessions.summaries(),
      activeSessionId: sessions.activeId,
      instructions: sessions.activeAgent?.info().instructions ?? [],
      ...(sessions.readOnly && { readOnly: sessions.readOnly }),
      ...(deleted.offered && { deleted: deleted.offered }),
      ...(size.value && { storage: size.value }),
      ...(storage.problem && { storageProblem: storage.problem }),
    }),
    async close() {
      search.cancel();
      await sessions.close();
    },
  };
}

/** Never rejects: a session that cannot be shown again leaves an empty one and a line in the log. */
async function showAgain(sessions: Sessions, window: WindowState, log: Log): Promise<void> {
  const shown = window.shownSession.get();
  if (shown === undefined || !isAgentId(shown)) return;
  try {
    await sessions.select(shown);
  } catch (error) {
    log.error('The session of before could not be shown', error);
  }
}

function rememberShown(sessions: Sessions, window: WindowState, log: Log, opened: Promise<void>): Disposable {
  let last = window.shownSession.get();
  const remember = async (): Promise<void> => {
    await opened;
    const shown = sessions.isActiveStored ? sessions.activeId : undefined;
    if (shown === last) return;
    last = shown;
    await window.shownSession.set(shown);
  };
  return sessions.onDidChange(
    () => void remember().catch((error: unknown) => log.error('The shown session could not be noted', error)),
  );
}

function keepOnlyRecent({ store, sweep }: OpenedStorage, log: Log): Disposable {
  const stop = new AbortController();
  const ports = { store, sweep, settings: retentionSetting, now: Date.now };
  const timer = setTimeout(() => {
    applyRetention(ports, stop.signal).then(
      (gone) => {
        if (gone.length > 0) log.info(`${gone.length} old sessions went into the trash.`);
      },
      (error: unknown) => {
        if (!stop.signal.aborted) log.error('Old sessions could not be put away', error);
      },
    );
  }, retentionDelayMs);
  timer.unref();
  return {
    dispose: () => {
      clearTimeout(timer);
      stop.abort(new Error('The window closes.'));
    },
  };
}
