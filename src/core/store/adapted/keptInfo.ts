import type { AgentId } from '../../protocol/ids';
import { isJsonObject } from '../../util/json';
import { emptyMeta, nextMeta } from '../meta';
import type { AgentInfo, Batch, SessionMeta, StoredState } from '../store';
import { wholeParts } from '../wholeParts';

/** What the runtime keeps of a session that has no documented name of its own. */
interface KeptState extends Partial<Pick<StoredState, 'queued' | 'stepCount' | 'spending'>> {
  readonly turn?: StoredState['turn'] | null;
  /** Whether the last writer closed the session. */
  readonly closed?: boolean;
  /** Nobody has said yet whose session it is. */
  readonly bare?: boolean;
  readonly meta?: SessionMeta;
}

/** An info as it is saved: the rest of the session's state goes with it. */
export interface KeptInfo extends AgentInfo {
  readonly session: KeptState;
}

/** An info as it was loaded; one that somebody else has written has no state with it. */
export function keptInfo(info: AgentInfo): KeptInfo {
  const session: unknown = Reflect.get(info, 'session');
  return { ...info, session: isJsonObject(session) ? session : {} };
}

export function infoIn({ session, ...info }: KeptInfo): AgentInfo | undefined {
  return session.bare ? undefined : info;
}

export function metaOf(info: KeptInfo): SessionMeta {
  return info.session.meta ?? nextMeta(emptyMeta(info.agentId, info.createdAt), { envelopes: [], info });
}

/** The state after this batch, before it says anything of its own. */
export function nextInfo(agentId: AgentId, known: KeptInfo | undefined, batch: Batch): KeptInfo {
  const before = known ?? { agentId, templateId: '', createdAt: 0, session: { bare: true } };
  const { queued, turn, stepCount, spending } = batch;
  return {
    ...(batch.info ?? before),
    session: {
      ...before.session,
      ...(batch.info && { bare: false }),
      ...(queued && { queued }),
      ...(turn !== undefined && { turn }),
      ...(stepCount !== undefined && { stepCount }),
      ...(spending && { spending }),
      closed: false,
      meta: nextMeta(before.session.meta ?? emptyMeta(agentId, before.createdAt), batch),
    },
  };
}

/** Whether a batch says something that is saved with the info. */
export function changesInfo(batch: Batch): boolean {
  return wholeParts.some((part) => part !== 'todos' && batch[part] !== undefined);
}
