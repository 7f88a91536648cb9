export const todoStatuses = ['pending', 'in_progress', 'completed'] as const;
/** How far an item is; at most one is in progress. */
export type TodoStatus = (typeof todoStatuses)[number];

/** One item of an agent's todo list. Times are milliseconds since 1970. */
export interface TodoItem {
  readonly id: string;
  readonly title: string;
  readonly status: TodoStatus;
  readonly notes?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}
/** What callers give: times and missing ids are filled in. */
export type TodoInput = Pick<TodoItem, 'title'> & Partial<Pick<TodoItem, 'id' | 'status' | 'notes'>>;
