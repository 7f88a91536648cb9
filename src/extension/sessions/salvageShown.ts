import { StoreError } from '../../core/errors';
import type { AgentId } from '../../core/protocol/ids';
import type { Sessions } from './sessions';

/**
 * Makes a new session of what can still be read of the shown one, and shows it.
 * @throws StoreError 'not_supported' where nothing is damaged, and what `salvage` and `select` throw
 */
export async function salvageShown(
  sessions: Pick<Sessions, 'activeId' | 'isActiveStored' | 'readOnly' | 'select'>,
  salvage: (sessionId: AgentId) => Promise<AgentId>,
): Promise<void> {
  if (!sessions.isActiveStored)
    throw new StoreError('not_supported', 'This session has no message yet: there is nothing to salvage.', {
      advice: 'Select the damaged session first.',
    });
  if (sessions.readOnly?.kind !== 'damaged')
    throw new StoreError('not_supported', 'This session is whole: there is nothing to salvage.', {
      advice: 'Select the damaged session first.',
    });
  await sessions.select(await salvage(sessions.activeId));
}
