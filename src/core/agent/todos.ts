import { ToolError } from '../errors';
import { todoStatuses, type TodoInput, type TodoItem } from '../protocol/todos';

/** The next list, with ids and times filled in; items keep their creation time by id. @throws ToolError 'invalid_arguments'. */
export function nextTodos(
  previous: readonly TodoItem[],
  items: readonly TodoInput[],
  now: number,
): readonly TodoItem[] {
  const ids = idsOf(items);
  const next = items.map((item, index) => nextTodo(previous, item, index, ids[index] ?? '', now));
  const seen = new Set<string>();
  for (const { id } of next) {
    if (seen.has(id))
      throw new ToolError('invalid_arguments', `Two todos have the id ${JSON.stringify(id)}.`, {
        advice: 'Give each its own id.',
      });
    seen.add(id);
  }
  const working = next.filter((item) => item.status === 'in_progress');
  if (working.length > 1)
    throw new ToolError('invalid_arguments', `${working.length} todos are in progress; at most one can be.`, {
      advice: 'Finish one or set it back to pending.',
    });
  return next;
}

/** Items without an id get their place in the list, or the next number that is free. */
function idsOf(items: readonly TodoInput[]): readonly string[] {
  const taken = new Set(items.map(({ id }) => id));
  return items.map(({ id }, index) => {
    if (id !== undefined) return id;
    let number = index + 1;
    while (taken.has(String(number))) number++;
    taken.add(String(number));
    return String(number);
  });
}

function nextTodo(previous: readonly TodoItem[], item: TodoInput, index: number, id: string, now: number): TodoItem {
  const title = item.title.trim();
  if (title === '')
    throw new ToolError('invalid_arguments', `Todo ${index + 1} has no title.`, {
      advice: 'Say in a few words what is to be done.',
    });
  const before = previous.find((todo) => todo.id === id);
  const status = item.status ?? before?.status ?? 'pending';
  if (!todoStatuses.includes(status))
    throw new ToolError('invalid_arguments', `Not a todo status: ${JSON.stringify(status)}.`, {
      advice: `Use one of ${todoStatuses.join(', ')}.`,
    });
  const notes = item.notes ?? before?.notes;
  const unchanged = before && before.title === title && before.status === status && before.notes === notes;
  if (unchanged) return before;
  return {
    id,
    title,
    status,
    ...(notes !== undefined && { notes }),
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
}
