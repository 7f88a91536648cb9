import { strict as assert } from 'node:assert';
import type { AgentEvent } from '../../../src/core/protocol/events';
import { newAgentId, type CallId } from '../../../src/core/protocol/ids';
import type { ToolCallSnapshot } from '../../../src/core/protocol/toolCalls';
import type { JsonObject } from '../../../src/core/util/json';
import { CommandTranscript } from '../../../src/extension/terminal/commandTranscript';
import { bashRun } from '../../../src/core/tools/bashRun';
import { LocalSandbox } from '../../../src/node/localSandbox';
import { testAgent, workspaceWith } from '../../support/agents';

const escape = String.fromCharCode(27);
const bell = String.fromCharCode(7);
const session = newAgentId();

function call(id: string, more: Partial<ToolCallSnapshot>): ToolCallSnapshot {
  return {
    ...{ id: id as CallId, name: 'bash_run', input: {}, state: 'EXECUTING', approval: { required: false } },
    ...{ createdAt: 1, updatedAt: 1, ...more },
  };
}
const begins = (id: string, input: JsonObject): AgentEvent => ({
  ...{ channel: 'progress', type: 'tool:update', call: call(id, { input }) },
});
const says = (id: string, text: string): AgentEvent => ({
  ...{ channel: 'progress', type: 'tool:progress', callId: id as CallId, text },
});
const ends = (id: string, data: JsonObject, more: Partial<ToolCallSnapshot> = {}): AgentEvent => ({
  ...{ channel: 'progress', type: 'tool:end' },
  call: call(id, { state: 'COMPLETED', result: { ok: true, data }, ...more }),
});
/** Without our own colours, which may not be anything else. */
const text = (written: string): string => written.replace(new RegExp(`${escape}\\[(?:0|1|2|31)m`, 'g'), '');

describe('the terminal that shows commands', () => {
  let transcript: CommandTranscript;
  let live: string;
  beforeEach(() => {
    live = '';
    transcript = new CommandTranscript(() => 'ws');
    transcript.onText = (added) => void (live += added);
  });
  const take = (...events: readonly AgentEvent[]): void => {
    for (const event of events) transcript.take(session, event);
  };

  it('each command stands there with its folder, its output and its exit code', () => {
    take(begins('1', { cmd: 'npm test\necho done' }), says('1', 'one\ntw'), says('1', 'o'));
    take(ends('1', { code: 0, output: 'one\ntwo' }, { durationMs: 1234 }));
    take(begins('2', { cmd: 'false' }), ends('2', { code: 1, output: '' }));
    assert.equal(
      text(live),
      'ws $ npm test\r\n> echo done\r\none\r\ntwo\r\n[exit 0, 1.2 s]\r\nws $ false\r\n[exit 1]\r\n',
    );
    assert.equal(transcript.history, live);
  });

  it('a command that ended before anything was live shows its output', () => {
    take(begins('1', { cmd: 'ls' }), ends('1', { code: 0, output: 'a\nb\n' }));
    assert.equal(text(live), 'ws $ ls\r\na\r\nb\r\n[exit 0]\r\n');
  });

  it('commands at the same time say who speaks', () => {
    take(begins('1', { cmd: 'first' }), begins('2', { cmd: 'second' }), says('1', 'a'), says('2', 'b'));
    take(ends('1', { code: 0 }), ends('2', { code: 0 }));
    assert.equal(
      text(live),
      'ws $ first\r\nws $ second\r\n[first]\r\na\r\n[second]\r\nb\r\n[first: exit 0]\r\n[second: exit 0]\r\n',
    );
  });

  it('what never ran is not shown, and other tools are not', () => {
    const denied = call('1', { state: 'DENIED', input: { cmd: 'rm' } });
    take({ channel: 'progress', type: 'tool:start', call: call('1', { state: 'PENDING', input: { cmd: 'rm' } }) });
    take({ channel: 'progress', type: 'tool:error', call: denied, error: 'no' }, says('1', 'x'));
    take({ channel: 'progress', type: 'tool:update', call: call('2', { name: 'fs_read', input: { path: 'a' } }) });
    take(ends('2', { content: 'secret' }, { name: 'fs_read' }));
    assert.equal(live, '');
  });

  it('a command that was ended says why, one in the background where its output is', () => {
    take(begins('1', { cmd: 'sleep 9', outside: true }));
    const result = { ok: false, error: 'The user\nstopped it.', errorType: 'aborted', retryable: false } as const;
    take({ channel: 'progress', type: 'tool:error', call: call('1', { state: 'SEALED', result }), error: '' });
    take(begins('2', { cmd: 'serve', background: true }), ends('2', { background: true, shell_id: 's1' }));
    take(ends('3', { output: 'ready\n' }, { name: 'bash_logs', input: { shell_id: 's1' } }));
    assert.equal(
      text(live),
      'ws $ sleep 9 (outside of the sandbox)\r\n[The user stopped it.]\r\nws $ serve (in the background)\r\n[output of s1]\r\nready\r\n',
    );
  });

  it('nothing that a terminal obeys gets through: no title, no clipboard, no cursor, no hidden characters in commands', () => {
    const nasty = [
      `${escape}]52;c;aGk=${bell}`,
      `${escape}]0;title${bell}`,
      `${escape}[2J${escape}[31mred`,
      '\u009b31m\u009d52;c;aGk=\u009c',
      '\r\b\u0000\u000e\u0005',
    ].join('');
    transcript = new CommandTranscript(() => `w${nasty}`);
    transcript.onText = (added) => void (live += added);
    take(begins('1', { cmd: `echo ${nasty}\u202Egpj.sh` }), says('1', `out ${nasty}`));
    take(begins('2', { cmd: nasty, background: true }), says('1', 'again'), ends('1', { code: 0, output: nasty }));
    take(ends('4', { output: nasty }, { name: 'bash_logs', input: { shell_id: nasty } }));
    const error = { ok: false, error: nasty, errorType: 'runtime', retryable: false } as const;
    take(ends('2', { output: nasty }, { result: { ...error, data: { output: nasty } } }));
    assert.match(text(live), /echo <U\+001B>\]52;.*<U\+202E>gpj\.sh/);
    assert.doesNotMatch(text(live).replaceAll('\r\n', ''), /(?!\t)\p{Cc}/u);
    assert.equal(text(live).includes('out ]52;c;aGk='), true);
  });

  it('the last 200 KB are kept, from the beginning of a line', () => {
    take(begins('1', { cmd: 'yes' }));
    for (let index = 0; index < 1_000; index++) take(says('1', `${'y'.repeat(999)}\n`));
    const { length } = transcript.history;
    assert.ok(length >= 200 * 1024 && length <= 2 * 200 * 1024 + 1_001, `${length}`);
    assert.match(transcript.history, /^y{999}\r\n/);
    assert.ok(transcript.history.endsWith('y\r\n') && live.length > 1_000_000);
    for (let index = 0; index < 1_000; index++) take(says('1', 'z'.repeat(1_000)));
    assert.ok(transcript.history.length <= 2 * 200 * 1024 + 1_001);
  });

  it('it follows the events of a real agent and a real command', async () => {
    const workspace = await workspaceWith();
    const script = [{ calls: [{ name: 'bash_run', input: { cmd: 'echo one; exit 3' } }] }, { text: 'Done.' }];
    const sandbox = new LocalSandbox({ workDir: workspace.folder, unguarded: true });
    await using agent = await testAgent({ workspace, script, tools: [bashRun], config: { sandbox } });
    for (const type of ['tool:update', 'tool:progress', 'tool:end', 'tool:error'] as const)
      agent.on(type, (event) => transcript.take(agent.agentId, event));
    await agent.complete('Go.');
    await workspace.remove();
    assert.match(text(live), /^ws \$ echo one; exit 3\r\none\r\n\[exit 3, \d+\.\d s\]\r\n$/);
  });
});
