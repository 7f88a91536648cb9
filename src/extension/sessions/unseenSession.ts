import type { AgentId } from '../../core/protocol/ids';
import { SessionGoneError } from './sessionGone';
import { WindowSession, type WindowSessionPorts } from './windowSession';

/**
 * A stored session that was not shown since the window opened: its edits may still wait here, and what the user says of them
 * goes to it.
 * @param sessions those of the window; it is one of them then.
 * @throws SessionGoneError, StoreError.
 */
export async function unseenSession(
  sessionId: AgentId,
  sessions: Map<AgentId, WindowSession>,
  ports: WindowSessionPorts,
): Promise<WindowSession> {
  if (!(await ports.store.exists(sessionId))) throw new SessionGoneError();
  const read = await WindowSession.read(sessionId, ports);
  const known = sessions.get(sessionId);
  if (known) await read.close();
  else sessions.set(sessionId, read);
  return known ?? read;
}
