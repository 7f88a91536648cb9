import type { AgentEvent, Compression, DoneReason, Envelope, FailureInfo } from '../../src/core/protocol/events';
import {
  asCallId,
  asMessageId,
  asPermissionId,
  isAgentId,
  type AgentId,
  type MessageId,
} from '../../src/core/protocol/ids';
import type { PermissionMode } from '../../src/core/protocol/modes';
import type { ReasoningEffort } from '../../src/core/protocol/models';
import { reduce } from '../../src/core/protocol/reduce';
import type { TodoItem } from '../../src/core/protocol/todos';
import type { ApprovalSubject, ToolCallSnapshot } from '../../src/core/protocol/toolCalls';
import { emptySessionView, type SessionView } from '../../src/core/protocol/view';
import type { JsonValue } from '../../src/core/util/json';

export function agentId(text: string): AgentId {
  if (!isAgentId(text)) throw new Error(`Not a session id: ${JSON.stringify(text)}. Use letters, digits and dashes.`);
  return text;
}
export const permissionId = (number: number) =>
  asPermissionId(`prm-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`);

const startedAt = Date.UTC(2026, 0, 15, 9, 30);

/** Writes the events of a session as the runtime would and reduces them as the panel does. */
export class SessionScript {
  view: SessionView;
  #envelopes: Envelope[] = [];
  #seq: number;
  #calls = 0;
  #waiting: MessageId | undefined;

  /** @param seq the last event that happened before */
  constructor(
    readonly sessionId: AgentId,
    seq = 0,
  ) {
    this.#seq = seq;
    this.view = emptySessionView(sessionId);
  }

  event(event: AgentEvent): this {
    const seq = ++this.#seq;
    const envelope: Envelope = { cursor: seq, bookmark: { seq, timestamp: startedAt + seq * 40 }, event };
    this.#envelopes.push(envelope);
    this.view = reduce(this.view, envelope);
    return this;
  }

  /** The events since the last call: what the host would post after a snapshot. */
  takeEnvelopes(): readonly Envelope[] {
    const taken = this.#envelopes;
    this.#envelopes = [];
    return taken;
  }

  user(text: string): this {
    const id = this.#waiting ?? asMessageId(`msg-${this.#seq}`);
    this.#waiting = undefined;
    const message = { id, role: 'user' as const, content: [{ type: 'text' as const, text }], createdAt: startedAt };
    return this.event({ channel: 'progress', type: 'user_message', message }).event({
      ...{ channel: 'monitor', type: 'state_changed', state: 'WORKING' },
    });
  }

  queued(text: string): this {
    const id = asMessageId(`msg-queued-${this.#seq}`);
    const message = { id, role: 'user' as const, content: [{ type: 'text' as const, text }], createdAt: startedAt };
    this.#waiting = id;
    return this.event({ channel: 'progress', type: 'message_queued', message });
  }

  think(text: string): this {
    this.event({ channel: 'progress', type: 'think_chunk_start', step: 1 });
    this.event({ channel: 'progress', type: 'think_chunk', step: 1, delta: text });
    return this.event({ channel: 'progress', type: 'think_chunk_end', step: 1 });
  }

  /** Text that still comes in. */
  streaming(text: string): this {
    this.event({ channel: 'progress', type: 'text_chunk_start', step: 1 });
    return this.delta(text);
  }

  delta(text: string): this {
    return this.event({ channel: 'progress', type: 'text_chunk', step: 1, delta: text });
  }

  answer(text: string): this {
    return this.streaming(text).event({ channel: 'progress', type: 'text_chunk_end', step: 1, text });
  }

  call(name: string, input: JsonValue): ToolCallSnapshot {
    const id = asCallId(`call_${++this.#calls}`);
    const call: ToolCallSnapshot = {
      ...{
        id,
        name,
        input,
        state: 'PENDING',
        approval: { required: false },
        createdAt: startedAt,
        updatedAt: startedAt,
      },
    };
    this.event({ channel: 'progress', type: 'tool:start', call });
    return call;
  }

  running(call: ToolCallSnapshot, output = ''): this {
    this.event({ channel: 'progress', type: 'tool:update', call: { ...call, state: 'EXECUTING' } });
    return output === ''
      ? this
      : this.event({ channel: 'progress', type: 'tool:progress', callId: call.id, text: output });
  }

  completed(call: ToolCallSnapshot, data: JsonValue, durationMs = 40): this {
    const done: ToolCallSnapshot = { ...call, state: 'COMPLETED', result: { ok: true, data }, durationMs };
    return this.event({ channel: 'progress', type: 'tool:end', call: done });
  }

  /** A command that ended with an exit code other than 0. */
  ended(call: ToolCallSnapshot, code: number, output: string): this {
    const error = `The command ended with exit code ${code}.`;
    const data = { background: false, code, output };
    const done: ToolCallSnapshot = {
      ...{ ...call, state: 'FAILED', isError: true, durationMs: 2340 },
      result: { ok: false, error, errorType: 'logical', retryable: false, data },
    };
    return this.event({ channel: 'progress', type: 'tool:error', call: done, error });
  }

  failed(call: ToolCallSnapshot, error: string): this {
    const done: ToolCallSnapshot = {
      ...call,
      state: 'FAILED',
      isError: true,
      result: { ok: false, error, errorType: 'runtime', retryable: false },
    };
    return this.event({ channel: 'progress', type: 'tool:error', call: done, error });
  }

  asks(call: ToolCallSnapshot, subject: ApprovalSubject, number = 1): this {
    const asking: ToolCallSnapshot = { ...call, state: 'APPROVAL_REQUIRED', approval: { required: true } };
    this.event({ channel: 'monitor', type: 'state_changed', state: 'PAUSED' });
    return this.event({
      ...{ channel: 'control', type: 'permission_required', permissionId: permissionId(number), call: asking, subject },
    });
  }

  decided(call: ToolCallSnapshot, decision: 'allow' | 'deny', note?: string, number = 1): this {
    this.event({
      ...{ channel: 'control', type: 'permission_decided', permissionId: permissionId(number), callId: call.id },
      ...{ decision, decidedBy: 'user' },
      ...(note !== undefined && { note }),
    });
    this.event({ channel: 'monitor', type: 'state_changed', state: 'WORKING' });
    if (decision === 'allow') return this;
    const error = 'The user rejected this.';
    const denied: ToolCallSnapshot = {
      ...{ ...call, state: 'DENIED', isError: true },
      result: { ok: false, error, errorType: 'denied', retryable: false },
    };
    return this.event({ channel: 'progress', type: 'tool:error', call: denied, error });
  }

  todos(...titles: readonly (readonly [status: TodoItem['status'], title: string])[]): this {
    const current = titles.map(([status, title], index) => ({
      ...{ id: `todo-${index}`, title, status, createdAt: startedAt, updatedAt: startedAt },
    }));
    return this.event({ channel: 'monitor', type: 'todo_changed', current, previous: [] });
  }

  /** `cost` left out: price unknown. */
  usage(
    inputTokens: number,
    outputTokens: number,
    cacheReadTokens = 0,
    cost?: number,
    model = 'claude-sonnet-4-5',
  ): this {
    return this.event({
      ...{ channel: 'monitor', type: 'token_usage', vendor: 'anthropic', model, inputTokens, outputTokens },
      ...{ cacheReadTokens, cacheWriteTokens: 0, totalTokens: inputTokens + outputTokens },
      ...(cost !== undefined && { cost }),
    });
  }

  context(tokens: number, windowTokens = 200_000, compactAtTokens = 148_000): this {
    return this.event({ channel: 'monitor', type: 'context_usage', tokens, windowTokens, compactAtTokens });
  }

  modelChanged(model: string, effort?: ReasoningEffort): this {
    const vendor = 'anthropic';
    return this.event({ channel: 'monitor', type: 'model_changed', vendor, model, ...(effort && { effort }) });
  }

  modeChanged(mode: PermissionMode): this {
    return this.event({ channel: 'monitor', type: 'permission_changed', mode });
  }

  compacting(compression: Compression): this {
    return this.event({ channel: 'monitor', type: 'context_compression', ...compression });
  }

  done(reason: DoneReason = 'completed', error?: FailureInfo): this {
    this.event({ channel: 'progress', type: 'done', step: 1, reason, ...(error && { error }) });
    return this.event({ channel: 'monitor', type: 'state_changed', state: 'READY' });
  }
}
