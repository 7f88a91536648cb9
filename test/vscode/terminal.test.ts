import { strict as assert } from 'node:assert';
import { window } from 'vscode';
import { newAgentId, type CallId } from '../../src/core/protocol/ids';
import { CommandTerminal } from '../../src/extension/terminal/commandTerminal';
import { eventually } from './editsSupport';

describe('the terminal of the commands', () => {
  const terminals = () => window.terminals.filter(({ name }) => name === 'Countersign');

  it('opens when it is asked for, once, comes back after it was closed, and goes with its window', async () => {
    const terminal = new CommandTerminal(() => 'ws');
    const call = { id: '1' as CallId, name: 'bash_run', input: { cmd: 'ls' }, state: 'EXECUTING' } as const;
    const times = { approval: { required: false }, createdAt: 1, updatedAt: 1 };
    terminal.take(newAgentId(), { channel: 'progress', type: 'tool:update', call: { ...call, ...times } });
    assert.equal(terminals().length, 0);
    await terminal.show();
    await terminal.show();
    assert.equal(terminals().length, 1);
    terminals()[0]?.dispose();
    await eventually('the terminal is closed', () => terminals().length === 0);
    await terminal.show();
    assert.equal(terminals().length, 1);
    terminal.dispose();
    await eventually('the terminal is gone', () => terminals().length === 0);
  });
});
