import type { TodoItem, TodoStatus } from '../core/protocol/todos';
import { Icon, type IconName } from './ui/icons';
import { usePanel } from './ui/panelContext';

const marks: Readonly<Record<TodoStatus, readonly [icon: IconName, word: string]>> = {
  pending: ['circle', 'Open'],
  in_progress: ['chevronRight', 'In progress'],
  completed: ['checkCircle', 'Done'],
};

/** The agent's tasks, above the composer: one line when folded, the list when unfolded. */
export function TodoList({ todos }: { readonly todos: readonly TodoItem[] }) {
  const unfolded = usePanel().cards.unfolded('todos');
  const done = todos.filter((todo) => todo.status === 'completed').length;
  const current = todos.find((todo) => todo.status === 'in_progress');
  const open = unfolded.value ?? false;
  return (
    <section class="todos" aria-label="Tasks">
      <button type="button" class="fold" aria-expanded={open} onClick={() => (unfolded.value = !open)}>
        <Icon name={open ? 'chevronDown' : 'chevronRight'} />
        <span class="todos-title">
          Tasks {done}/{todos.length}
        </span>
        {!open && <span class="todos-current">{current?.title ?? (done === todos.length ? 'All done' : '')}</span>}
      </button>
      {open && (
        <ul>
          {todos.map((todo) => (
            <Todo key={todo.id} todo={todo} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Todo({ todo }: { readonly todo: TodoItem }) {
  const [icon, word] = marks[todo.status];
  return (
    <li class={`todo ${todo.status}`}>
      <Icon name={icon} />
      <span class="visually-hidden">{word}: </span>
      <span>{todo.title}</span>
    </li>
  );
}
