import { strict as assert } from 'node:assert';
import type { Agent } from '../../src/core/agent/agent';
import { ToolError } from '../../src/core/errors';
import { historyOf, testAgent, workspaceWith, type Workspace } from '../support/agents';

describe('the todos of an agent', () => {
  let workspace: Workspace;
  let agent: Agent;
  beforeEach(async () => {
    workspace = await workspaceWith();
    agent = await testAgent({ script: [], workspace });
    await agent.setTodos([{ title: 'Look' }, { title: 'Write', status: 'in_progress' }]);
  });
  afterEach(async () => {
    await agent[Symbol.asyncDispose]();
    await workspace.remove();
  });

  const shown = (): readonly string[] => agent.getTodos().map(({ id, title, status }) => `${id} ${title} ${status}`);
  const refusal = (code: string) => (error: unknown) =>
    error instanceof ToolError && error.code === code && error.advice !== '';

  it('can be changed one at a time, in what is given', async () => {
    await agent.updateTodo({ id: '2', status: 'completed', notes: 'in a hurry' });
    await agent.updateTodo({ id: '1', title: 'Look closely' });
    assert.deepEqual(shown(), ['1 Look closely pending', '2 Write completed']);
    assert.equal(agent.getTodos()[1]?.notes, 'in a hurry');
  });

  it('can be added to; ids stay unique', async () => {
    await agent.deleteTodo('1');
    await agent.updateTodo({ title: 'Test' });
    assert.deepEqual(shown(), ['2 Write in_progress', '3 Test pending']);
  });

  it('can be deleted, which is told', async () => {
    const left = await agent.deleteTodo('2');
    assert.deepEqual(shown(), ['1 Look pending']);
    assert.deepEqual(left, agent.getTodos());
    const told = (await historyOf(agent)).findLast((event) => event.type === 'todo_changed');
    assert.deepEqual(told?.type === 'todo_changed' && [told.previous.length, told.current.length], [2, 1]);
  });

  it('lose no change that comes at the same time as another', async () => {
    await Promise.all([
      agent.updateTodo({ id: '1', notes: 'first' }),
      agent.updateTodo({ title: 'Test' }),
      agent.deleteTodo('2'),
    ]);
    assert.deepEqual(shown(), ['1 Look pending', '3 Test pending']);
    assert.equal(agent.getTodos()[0]?.notes, 'first');
  });

  it('are refused what would make no sense, and stay as they are', async () => {
    const before = shown();
    await assert.rejects(agent.updateTodo({ id: '1', status: 'in_progress' }), refusal('invalid_arguments'));
    await assert.rejects(agent.updateTodo({ id: '9', title: 'What?' }), refusal('not_found'));
    await assert.rejects(agent.updateTodo({}), refusal('invalid_arguments'));
    await assert.rejects(agent.updateTodo({ id: '1', title: ' ' }), refusal('invalid_arguments'));
    await assert.rejects(agent.deleteTodo('9'), refusal('not_found'));
    await assert.rejects(
      agent.setTodos([
        { id: '1', title: 'One' },
        { id: '1', title: 'Other' },
      ]),
      refusal('invalid_arguments'),
    );
    // What untyped callers may give.
    const wrong: object = { id: '1', status: 'done' };
    await assert.rejects(agent.updateTodo(wrong), refusal('invalid_arguments'));
    assert.deepEqual(shown(), before);
  });
});
