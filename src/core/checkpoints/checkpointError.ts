import { AgentError } from '../errors';

/**
 * 'changed': files are not what they were when the restore was looked at, or hold changes of somebody else that nobody has seen
 * listed. 'nothing': there is nothing to restore or to undo. 'missing': what a file held is gone. 'unkept': what would be
 * replaced could not be kept. 'unavailable': this host keeps no checkpoints.
 */
export type CheckpointErrorCode = 'changed' | 'nothing' | 'missing' | 'unkept' | 'unavailable';

/** Nothing was restored. */
export class CheckpointError extends AgentError<CheckpointErrorCode> {
  override readonly name = 'CheckpointError';
  override readonly family = 'store';
}
