import { window, type ExtensionContext } from 'vscode';
import type { Reviews } from '../../../core/permission/reviews';
import { Disposables, type Disposable } from '../../../core/util/disposables';
import type { Log } from '../../log';
import type { Turns } from '../../../core/util/turns';
import type { LandingWitness } from '../landingWitness';
import type { PendingReviews } from '../pendingReviews';
import type { Proposals } from '../proposals';
import { FileFollower } from './fileFollower';
import { pendingFolder } from './pendingFolder';
import { PendingLandings } from './pendingLandings';
import { PendingLedger } from './pendingLedger';
import { PendingStore } from './pendingStore';
import { TrackedFiles } from './trackedFiles';

export interface PendingPartsPorts {
  /** What is pending is kept in a folder in it. */
  readonly storageDir: string;
  /** `Proposals.applications`: edits, decisions and looks at the disk go one after the other. */
  readonly turns: Turns;
  readonly reviews: Pick<Reviews, 'reviewed'>;
  readonly reportError: (what: string, error: unknown) => void;
  /** In words for people: something that was pending is lost. */
  readonly warn: (message: string) => void;
  /** What tells this workspace from others; default: its folders. */
  readonly workspaceKey?: string;
}

/** What landed and waits in this workspace, connected. */
export interface PendingParts extends Disposable {
  readonly reviews: PendingReviews;
  /** What `WorkspaceEdits` tells of its landings. */
  readonly witness: LandingWitness;
  /** Resolves when what was pending before is there and in step with the files. */
  readonly ready: Promise<void>;
  /** Writes what is not written yet, and lets go of everything. */
  close(): Promise<void>;
}

/** As the extension has them: kept in its storage, what is lost is said. */
export function makePendingParts(
  { globalStorageUri }: Pick<ExtensionContext, 'globalStorageUri'>,
  { proposals, reviews, log }: { proposals: Proposals; reviews: Reviews; log: Log },
): PendingParts {
  return connectPendingParts({
    storageDir: globalStorageUri.fsPath,
    turns: proposals.applications,
    reviews,
    reportError: (what, error) => log.error(what, error),
    warn: (message) => {
      log.warn(message);
      void window.showWarningMessage(message);
    },
  });
}

export function connectPendingParts(ports: PendingPartsPorts): PendingParts {
  const { turns, reviews, reportError } = ports;
  const owned = new Disposables();
  const folder = pendingFolder(ports.storageDir, ports.workspaceKey);
  const store = new PendingStore(folder, ports.warn);
  const onReviewed = (displays: readonly string[]): void => reviews.reviewed(displays);
  const tracked = owned.add(new TrackedFiles({ store, onReviewed, reportError }));
  const follower = owned.add(new FileFollower({ tracked, store, turns, reportError }));
  const ledger = owned.add(new PendingLedger({ tracked, follower, turns }));
  return {
    reviews: ledger,
    witness: new PendingLandings({ tracked, follower, reportError }),
    // In its turn: no edit lands before it is known what waits.
    ready: follower.lookAtAll(),
    close: async () => {
      await tracked.flush();
      owned.dispose();
    },
    dispose: () => owned.dispose(),
  };
}
