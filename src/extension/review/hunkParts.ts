import { window } from 'vscode';
import type { Disposables } from '../../core/util/disposables';
import { HunkActions, type PendingHunkHandlers } from './hunkActions';
import { ProposalBadges } from './proposalBadges';
import { ProposalHunks, type ProposalHunksPorts } from './proposalHunks';

/** Composes what decides on hunks. @param pending absent: there are none but those of proposals */
export function makeHunkActions(
  owned: Disposables,
  ports: ProposalHunksPorts,
  pending: PendingHunkHandlers = nonePending,
): HunkActions {
  owned.add(new ProposalBadges(ports.proposals));
  return new HunkActions(owned.add(new ProposalHunks(ports)), pending);
}

const sayNothingWaits = async (): Promise<void> => {
  void window.showInformationMessage('No change waits for a decision here.');
};

const nonePending: PendingHunkHandlers = {
  acceptHunk: sayNothingWaits,
  rejectHunk: sayNothingWaits,
  rejectHunkWithReason: sayNothingWaits,
  acceptFile: sayNothingWaits,
  rejectFile: sayNothingWaits,
  acceptTurn: sayNothingWaits,
  rejectTurn: sayNothingWaits,
  acceptAll: sayNothingWaits,
  rejectAll: sayNothingWaits,
  nextHunk: sayNothingWaits,
  previousHunk: sayNothingWaits,
  commentHunk: sayNothingWaits,
  openPendingChanges: sayNothingWaits,
  showAllPending: sayNothingWaits,
  isMeant: () => false,
};
