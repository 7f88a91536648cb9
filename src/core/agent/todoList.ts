import { ToolError } from '../errors';
import type { TodoInput, TodoItem } from '../protocol/todos';
import type { Change } from './journal';
import type { AgentState } from './state';
import { nextTodos } from './todos';
import { Turns } from '../util/turns';

/** With `id`, that todo changes in what is given; without, a new one with this title comes at the end. */
export type TodoUpdate = Partial<TodoInput>;

export interface TodoListPorts {
  readonly state: Readonly<AgentState>;
  readonly now: () => number;
  readonly record: (change: Change) => Promise<unknown>;
}

/** The todos of an agent. Changes are made one after the other, each on what the one before it left. */
export class TodoList {
  readonly #ports: TodoListPorts;
  readonly #turns = new Turns();

  constructor(ports: TodoListPorts) {
    this.#ports = ports;
  }

  list(): readonly TodoItem[] {
    return this.#ports.state.todos;
  }

  /** @throws ToolError 'invalid_arguments' on a second item in progress, a double id, an empty title or an unknown status. */
  replace(items: readonly TodoInput[]): Promise<readonly TodoItem[]> {
    return this.#change(() => items);
  }

  /** @throws ToolError 'not_found' for an id that no todo has; as `replace`. */
  update(input: TodoUpdate): Promise<readonly TodoItem[]> {
    return this.#change((todos) => {
      const { id, title = '' } = input;
      if (id === undefined) return [...todos, { ...input, title }];
      checkHas(todos, id);
      return todos.map((todo) => (todo.id === id ? { ...todo, ...input } : todo));
    });
  }

  /** @throws ToolError 'not_found' for an id that no todo has. */
  remove(id: string): Promise<readonly TodoItem[]> {
    return this.#change((todos) => {
      checkHas(todos, id);
      return todos.filter((todo) => todo.id !== id);
    });
  }

  #change(next: (todos: readonly TodoItem[]) => readonly TodoInput[]): Promise<readonly TodoItem[]> {
    return this.#turns.take(() => this.#set(next));
  }

  async #set(next: (todos: readonly TodoItem[]) => readonly TodoInput[]): Promise<readonly TodoItem[]> {
    const { state, now, record } = this.#ports;
    const previous = state.todos;
    const current = nextTodos(previous, next(previous), now());
    await record({ todos: current, events: [{ channel: 'monitor', type: 'todo_changed', current, previous }] });
    return current;
  }
}

function checkHas(todos: readonly TodoItem[], id: string): void {
  if (todos.some((todo) => todo.id === id)) return;
  const known = todos.map((todo) => JSON.stringify(todo.id)).join(', ') || 'none';
  throw new ToolError('not_found', `There is no todo with the id ${JSON.stringify(id)}.`, {
    advice: `Give one of these: ${known}.`,
  });
}
