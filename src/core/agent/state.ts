import type { AgentRuntimeState, BreakpointState, AgentEvent } from '../protocol/events';
import type { CallId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { TodoItem } from '../protocol/todos';
import { isFinal, type ToolCallRecord } from '../protocol/toolCalls';
import type { AgentInfo, SessionReader, StoredState } from '../store/store';
import { Conversation } from './conversation';
import type { Compaction } from '../context/compaction';
import type { ModelSpending } from '../protocol/usage';
import type { Change } from './journal';

/** What the loop works from. Only the journal's `apply` changes it; its cost does not grow with the history. */
export interface AgentState {
  info: AgentInfo;
  readonly conversation: Conversation;
  /** The calls whose results the model has not been given yet. */
  readonly toolCalls: Map<CallId, ToolCallRecord>;
  todos: readonly TodoItem[];
  runtime: AgentRuntimeState;
  breakpoint: BreakpointState;
  stepCount: number;
  /** What all calls of the session have taken. */
  spending: readonly ModelSpending[];
}

export function stateFrom(
  stored: StoredState,
  info: AgentInfo,
  reader: SessionReader,
  compaction: Compaction | undefined,
): AgentState {
  return {
    info: stored.info ?? info,
    conversation: new Conversation(reader, stored.messageCount, compaction),
    toolCalls: new Map(stored.openToolCalls.map((call) => [call.id, call])),
    todos: stored.todos,
    runtime: 'READY',
    breakpoint: 'READY',
    stepCount: stored.stepCount,
    spending: stored.spending,
  };
}

/** So that the model is told again of date, git and files. */
export function withoutSituation({ situation: _situation, ...info }: AgentInfo): AgentInfo {
  return info;
}

export function applyChange(state: AgentState, change: Change): void {
  for (const call of change.toolCalls ?? []) state.toolCalls.set(call.id, call);
  if (change.messages || change.keepMessages !== undefined) {
    state.conversation.append(change.messages ?? [], change.keepMessages);
    for (const message of change.messages ?? []) dropAnswered(state, message);
  }
  if (change.todos) state.todos = change.todos;
  if (change.spending) state.spending = change.spending;
  if (change.info) state.info = change.info;
  for (const event of change.events) applyEvent(state, event);
}

function dropAnswered(state: AgentState, message: Message): void {
  for (const block of message.content) {
    const call = block.type === 'tool_result' ? state.toolCalls.get(block.tool_use_id) : undefined;
    if (call && isFinal(call.state)) state.toolCalls.delete(call.id);
  }
}

function applyEvent(state: AgentState, event: AgentEvent): void {
  if (event.type === 'state_changed') state.runtime = event.state;
  else if (event.type === 'breakpoint_changed') state.breakpoint = event.current;
  else if (event.type === 'step_complete') state.stepCount++;
}
