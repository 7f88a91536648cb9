import type { BreakpointState, AgentRuntimeState, AgentEvent } from '../protocol/events';
import type { CallId } from '../protocol/ids';
import type { Message } from '../protocol/messages';
import type { TodoItem } from '../protocol/todos';
import type { ToolCallRecord } from '../protocol/toolCalls';
import type { AgentInfo, StoredState } from '../store/store';
import type { Change } from './journal';

/** What the loop works from. Only the journal's `apply` changes it; its cost does not grow with the history. */
export interface AgentState {
  info: AgentInfo;
  readonly messages: Message[];
  readonly toolCalls: Map<CallId, ToolCallRecord>;
  todos: readonly TodoItem[];
  runtime: AgentRuntimeState;
  breakpoint: BreakpointState;
  stepCount: number;
}

export function stateFrom(stored: StoredState, info: AgentInfo): AgentState {
  return {
    info: stored.info ?? info,
    messages: [],
    toolCalls: new Map(stored.openToolCalls.map((call) => [call.id, call])),
    todos: stored.todos,
    runtime: 'READY',
    breakpoint: 'READY',
    stepCount: 0,
  };
}

export function applyChange(state: AgentState, change: Change): void {
  for (const message of change.messages ?? []) state.messages.push(message);
  for (const call of change.toolCalls ?? []) state.toolCalls.set(call.id, call);
  if (change.todos) state.todos = change.todos;
  if (change.info) state.info = change.info;
  for (const event of change.events) applyEvent(state, event);
}

function applyEvent(state: AgentState, event: AgentEvent): void {
  if (event.type === 'state_changed') state.runtime = event.state;
  else if (event.type === 'breakpoint_changed') state.breakpoint = event.current;
  else if (event.type === 'step_complete') state.stepCount++;
}
