import { ConfigError } from '../errors';
import type { TodoItem } from '../protocol/todos';
import type { AgentInfo } from '../store/store';
import type { Change } from './journal';
import { newReminder, reminderSent, withReminder } from './reminders';
import type { AgentState } from './state';

/** Whether an agent keeps a todo list and is reminded of it. */
export interface TodoConfig {
  /** It has the tools todo_read and todo_write, whatever its tools are, and the reminders that are asked for. */
  readonly enabled: boolean;
  /** The model is reminded of open todos after so many of its steps in which the list did not change. Default: never. */
  readonly remindIntervalSteps?: number;
  /** The model is reminded of open todos when the agent comes back from the store. Default false. */
  readonly reminderOnStart?: boolean;
}

/** @throws ConfigError 'invalid_value'. */
export function checkTodoConfig(config: TodoConfig | undefined): TodoConfig | undefined {
  const { remindIntervalSteps: steps } = config ?? {};
  if (steps === undefined || (Number.isInteger(steps) && steps > 0)) return config;
  throw new ConfigError('invalid_value', `todo.remindIntervalSteps is ${steps}.`, {
    advice: 'Give a whole number from 1 on, or leave it out for no reminders.',
  });
}

export interface TodoRemindersPorts {
  readonly config: TodoConfig | undefined;
  readonly state: Readonly<AgentState>;
  readonly record: (change: Change) => Promise<unknown>;
}

const maxListed = 50;

/** Reminds the model of its open todos, by messages: the system prompt stays as it is. */
export class TodoReminders {
  readonly #ports: TodoRemindersPorts;
  #seen: readonly TodoItem[];
  /** The steps that had been made when the list last changed or the model was last reminded. */
  #since: number;

  constructor(ports: TodoRemindersPorts) {
    this.#ports = ports;
    this.#seen = ports.state.todos;
    this.#since = ports.state.stepCount;
  }

  /** The agent is back from the store. */
  async atStart(): Promise<void> {
    const { config } = this.#ports;
    if (config?.enabled && config.reminderOnStart) await this.#remind('start');
  }

  /** The model is about to be asked. */
  async beforeStep(): Promise<void> {
    const { config, state } = this.#ports;
    if (!config?.enabled || config.remindIntervalSteps === undefined) return;
    if (state.todos !== this.#seen) {
      this.#seen = state.todos;
      this.#since = state.stepCount;
    }
    if (state.stepCount - this.#since >= config.remindIntervalSteps) await this.#remind('interval');
  }

  async #remind(reason: 'start' | 'interval'): Promise<void> {
    const { state, record } = this.#ports;
    this.#since = state.stepCount;
    const todos = state.todos.filter(({ status }) => status !== 'completed');
    if (todos.length === 0) return;
    const reminder = newReminder(textOf(todos), { category: 'todo' }, 'todos');
    await record({
      events: [{ channel: 'monitor', type: 'todo_reminder', todos, reason }, reminderSent(reminder)],
      late: (): { info: AgentInfo } => ({ info: withReminder(state.info, reminder) }),
    });
  }
}

function textOf(todos: readonly TodoItem[]): string {
  const lines = todos.slice(0, maxListed).map(({ id, title, status }) => `- ${id} (${status}): ${title}`);
  const more = todos.length > maxListed ? [`and ${todos.length - maxListed} more`] : [];
  return ['These todos are open:', ...lines, ...more, 'Go on with them, or bring the list up to date.'].join('\n');
}
