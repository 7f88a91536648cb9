import { defineTool } from './defineTool';

export const todoRead = defineTool({
  name: 'todo_read',
  description: 'The todo list of this session as it stands.',
  params: {},
  attributes: { readonly: true },
  exec: (_args, { services }) => ({ todos: services.todos.list().map((item) => ({ ...item })) }),
});
