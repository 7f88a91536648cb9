import type { Answer, Approvals } from '../agent/approvals';
import type { EventHub } from '../agent/eventHub';
import type { Change } from '../agent/journal';
import type { AgentState } from '../agent/state';
import type { AgentEvent, EventOf } from '../protocol/events';
import { asCallId, type AgentId, type CallId, type PermissionId } from '../protocol/ids';
import type { ToolCallSnapshot } from '../protocol/toolCalls';
import type { AskedBelow } from '../store/store';

/** The agent whose user is asked. */
export interface AskingAgent {
  readonly state: Pick<AgentState, 'info' | 'runtime'>;
  readonly approvals: Approvals;
  readonly record: (change: Change) => Promise<unknown>;
  /** Whether a turn of its own runs. */
  readonly works: () => boolean;
}

export interface RelayPorts {
  readonly above: AskingAgent;
  readonly child: { readonly agentId: AgentId; readonly hub: EventHub; readonly approvals: Approvals };
  readonly from: { readonly templateId: string; readonly task: string };
  readonly signal: AbortSignal;
}

/**
 * Brings a subagent's questions to the user of the agent above, and the answers back. A call that is asked for is shown there as a
 * call of its own, up to its end; its id there is new, as two agents may have calls of the same id.
 */
export class Relay {
  readonly #ports: RelayPorts;
  readonly #shown = new Set<CallId>();
  readonly #asked = new Map<PermissionId, CallId>();
  readonly #offs: readonly (() => void)[];

  constructor(ports: RelayPorts) {
    this.#ports = ports;
    const { hub } = ports.child;
    const follow = (event: EventOf<'tool:update' | 'tool:end' | 'tool:error'>): Promise<void> => this.#follow(event);
    this.#offs = [
      hub.on('permission_required', (event) => this.#ask(event)),
      hub.on('permission_decided', ({ permissionId, decision, decidedBy, note }) =>
        this.#decided(permissionId, { decision, decidedBy, ...(note !== undefined && { note }) }),
      ),
      hub.on('tool:update', follow),
      hub.on('tool:end', follow),
      hub.on('tool:error', follow),
    ];
  }

  /** Ends it. What is still asked can no longer be answered, and nobody is left with such a question. */
  async close(): Promise<void> {
    for (const off of this.#offs) off();
    for (const permissionId of [...this.#asked.keys()])
      await this.#decided(permissionId, { decision: 'deny', decidedBy: 'runtime', note: 'The subagent has ended.' });
  }

  async #ask({ permissionId, call, subject }: EventOf<'permission_required'>): Promise<void> {
    const { above, child, from, signal } = this.#ports;
    const open = child.approvals.open.find((one) => one.permissionId === permissionId);
    if (!open) return;
    const shown = this.#own(call);
    const isNew = !this.#shown.has(call.id);
    this.#shown.add(call.id);
    this.#asked.set(permissionId, shown.id);
    const asked = {
      ...subject,
      // Asked of a subagent's subagent: the one that is nearest to the effect is named.
      reason: subject.from ? subject.reason : `Subagent ${from.templateId}: ${subject.reason}`,
      from: subject.from ?? { agentId: child.agentId, ...from },
    };
    const record = { ...open.call, id: shown.id, agentId: shown.agentId };
    const answered = above.approvals.ask({ permissionId, call: record, subject: asked }, signal);
    void answered.then((answer) => this.#answer(permissionId, answer));
    try {
      await above.record({
        events: [
          ...(isNew ? [{ channel: 'progress', type: 'tool:start', call: shown } as const] : []),
          { channel: 'monitor', type: 'state_changed', state: 'PAUSED' },
          { channel: 'control', type: 'permission_required', permissionId, call: shown, subject: asked },
        ],
        late: () => ({ info: withAsked(above.state.info, { permissionId, callId: shown.id }) }),
      });
    } catch (error) {
      if (above.approvals.isOpen(permissionId)) above.approvals.decide(permissionId, unshown);
      throw error;
    }
  }

  #answer(permissionId: PermissionId, answer: Answer): void {
    const { approvals } = this.#ports.child;
    if (approvals.isOpen(permissionId)) approvals.decide(permissionId, answer);
  }

  async #decided(permissionId: PermissionId, answer: Answer): Promise<void> {
    const callId = this.#asked.get(permissionId);
    if (callId === undefined) return;
    this.#asked.delete(permissionId);
    const { above } = this.#ports;
    if (above.approvals.isOpen(permissionId)) above.approvals.decide(permissionId, answer);
    const state = above.works() ? 'WORKING' : 'READY';
    const rest: readonly AgentEvent[] =
      above.approvals.open.length > 0 ? [] : [{ channel: 'monitor', type: 'state_changed', state }];
    await above.record({
      events: [{ channel: 'control', type: 'permission_decided', permissionId, callId, ...answer }, ...rest],
      late: () => ({ info: withoutAsked(above.state.info, permissionId) }),
    });
  }

  async #follow(event: EventOf<'tool:update' | 'tool:end' | 'tool:error'>): Promise<void> {
    if (!this.#shown.has(event.call.id)) return;
    await this.#ports.above.record({ events: [{ ...event, call: this.#own(event.call) }] });
  }

  /** The call as the agent above shows it. */
  #own(call: ToolCallSnapshot): ToolCallSnapshot & { readonly agentId: AgentId } {
    const { agentId } = this.#ports.child;
    return { ...call, id: asCallId(`${agentId}:${call.id}`), agentId: call.agentId ?? agentId };
  }
}

const unshown: Answer = { decision: 'deny', decidedBy: 'runtime', note: 'The question could not be shown.' };

type WithAsked = { readonly askedBelow?: readonly AskedBelow[] };

function withAsked<Info extends WithAsked>(info: Info, asked: AskedBelow): Info {
  return { ...info, askedBelow: [...(info.askedBelow ?? []), asked] };
}

function withoutAsked<Info extends WithAsked>(info: Info, permissionId: PermissionId): Info {
  const rest = (info.askedBelow ?? []).filter((one) => one.permissionId !== permissionId);
  return { ...info, askedBelow: rest };
}
