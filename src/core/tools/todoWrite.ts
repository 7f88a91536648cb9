import { ToolError } from '../errors';
import { todoStatuses, type TodoInput, type TodoStatus } from '../protocol/todos';
import type { JsonObject } from '../util/json';
import { defineTool } from './defineTool';
import { objectsArgument, optionalText, textArgument } from './readArguments';

export const todoWrite = defineTool({
  name: 'todo_write',
  description:
    'Replaces the todo list, which the user sees. Use it for work of three or more steps; keep ids, have at most one item in_progress and complete each item as soon as it is done.',
  params: {
    todos: {
      type: 'array',
      maxItems: 200,
      description: 'The whole list, in order.',
      items: {
        type: 'object',
        properties: {
          id: { type: 'string', required: false, description: 'Keep the id of an item that stays.' },
          title: { type: 'string', minLength: 1, maxLength: 500 },
          status: {
            type: 'string',
            enum: [...todoStatuses],
            required: false,
            description: 'Default: as before, pending for a new item.',
          },
          notes: { type: 'string', required: false, maxLength: 2_000 },
        },
      },
    },
  },
  attributes: { noEffect: true },
  async exec(args, { services }) {
    const todos = await services.todos.replace(objectsArgument(args, 'todos').map(inputOf));
    return { ok: true, todos: todos.map((item) => ({ ...item })) };
  },
});

function inputOf(item: JsonObject): TodoInput {
  const id = optionalText(item, 'id');
  const notes = optionalText(item, 'notes');
  const status = optionalText(item, 'status');
  return {
    title: textArgument(item, 'title'),
    ...(status !== undefined && { status: statusOf(status) }),
    ...(id !== undefined && { id }),
    ...(notes !== undefined && { notes }),
  };
}

function statusOf(given: string): TodoStatus {
  const status = todoStatuses.find((known) => known === given);
  if (status) return status;
  throw new ToolError('invalid_arguments', `Not a todo status: ${JSON.stringify(given)}.`, {
    advice: `Use one of ${todoStatuses.join(', ')}.`,
  });
}
