import { ToolError } from '../../core/errors';
import type { Reviews } from '../../core/permission/reviews';
import type { AgentId } from '../../core/protocol/ids';
import type { AppView } from '../../core/protocol/view';
import type { Disposables } from '../../core/util/disposables';
import type * as vscode from 'vscode';
import { hasPendingKey } from '../contributions';
import type { Log } from '../log';
import { HunkActions } from './hunkActions';
import { JudgmentNews } from './judgmentNews';
import type { LandingWitness } from './landingWitness';
import { makePendingParts } from './pending/pendingParts';
import { pendingView } from './pendingView';
import { ProposalBadges } from './proposalBadges';
import { ProposalFiles } from './proposalFiles';
import { progressOf } from './proposalDecision';
import { ProposalHunks, type ProposalHunksPorts } from './proposalHunks';
import { Proposals } from './proposals';
import { ReviewOps } from './reviewOps';
import { showPending } from './showPending';
import { makeSurfaces } from './surfaces/surfaces';

export interface ReviewPartsPorts {
  readonly context: Pick<vscode.ExtensionContext, 'globalStorageUri' | 'workspaceState'>;
  readonly reviews: Reviews;
  readonly log: Log;
  /** Answers the question behind a proposal. */
  readonly decide: ProposalHunksPorts['decide'];
  /** Tells an agent before its next step. */
  readonly tell: (agentId: AgentId, text: string, about: readonly string[]) => Promise<void>;
  /** Gives an agent a message of the user's. */
  readonly instruct: (agentId: AgentId, text: string) => Promise<void>;
  /** Shows the user what went wrong. */
  readonly report: (what: string, error: unknown) => void;
  readonly frameChanged: () => void;
}

/** Everything by which edits are reviewed: proposals that wait, and what landed and waits. */
export interface ReviewParts {
  readonly proposals: Proposals;
  readonly witness: LandingWitness;
  readonly reviewOps: ReviewOps;
  readonly hunkActions: HunkActions;
  /** What the panel shows of it. */
  frame(): Pick<AppView, 'pending' | 'proposals'>;
  /** Writes what is not written yet. */
  close(): Promise<void>;
}

export function makeReviewParts(owned: Disposables, ports: ReviewPartsPorts): ReviewParts {
  const { context, reviews, log, decide, tell, instruct, report, frameChanged } = ports;
  const proposals = makeProposals(owned, log);
  const pending = owned.add(makePendingParts(context, { proposals, reviews, log }));
  const { onDidJudge, onDidChange } = pending.reviews;
  const reportError = (what: string, error: unknown): void => log.error(what, error);
  const news = owned.add(new JudgmentNews({ onDidJudge, tell, reportError }));
  const surfaces = makeSurfaces(owned, {
    pending: pending.reviews,
    instruct: async (turnId, text) => {
      const agentId = pending.reviews.authorOf(turnId);
      if (agentId === undefined) throw unknownAuthor();
      await instruct(agentId, text);
    },
    report: (problem) => report('A pending change could not be shown', problem),
  });
  const failed = (problem: unknown): void => report('The change could not be decided', problem);
  const hunks = owned.add(new ProposalHunks({ proposals, decide, report: failed }));
  owned.add(new ProposalBadges(proposals));
  const noteWhetherPending = (): void => {
    const { workspaceState } = context;
    const waits = pending.reviews.files.length > 0;
    const failed = (error: unknown): void => log.error('It could not be noted that edits wait', error);
    if (workspaceState.get(hasPendingKey, false) !== waits)
      workspaceState.update(hasPendingKey, waits).then(undefined, failed);
  };
  owned.add(onDidChange(frameChanged));
  owned.add(proposals.onDidChangeText(frameChanged));
  owned.add(onDidChange(noteWhetherPending));
  pending.ready.then(noteWhetherPending, (error: unknown) => log.error('What is pending could not be read', error));
  proposals.reconcileTabs().catch((error: unknown) => log.error('Old diffs could not be closed', error));
  return {
    proposals,
    witness: pending.witness,
    reviewOps: new ReviewOps({ reviews: pending.reviews, show: showPending }),
    hunkActions: new HunkActions(hunks, surfaces.hunks),
    frame: () => ({ pending: pendingView(pending.reviews), proposals: progressOf(proposals.open) }),
    close: async () => {
      await news.flush();
      await pending.close();
    },
  };
}

function makeProposals(owned: Disposables, log: Log): Proposals {
  const failed = (problem: unknown): void => log.error('A diff could not be shown', problem);
  return owned.add(new Proposals(owned.add(new ProposalFiles()), failed));
}

function unknownAuthor(): ToolError {
  return new ToolError('not_found', 'It is not known any more which session made this change.', {
    advice: 'Write to the session in the chat.',
  });
}
