import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bashKill } from '../../../src/core/tools/bashKill';
import { bashLogs } from '../../../src/core/tools/bashLogs';
import { bashRun } from '../../../src/core/tools/bashRun';
import { textArgument } from '../../../src/core/tools/readArguments';
import { todoRead } from '../../../src/core/tools/todoRead';
import { todoWrite } from '../../../src/core/tools/todoWrite';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/core/util/json';
import { refusalOf } from '../../support/refusal';
import { toolBench, type ToolBench } from '../../support/toolBench';
import { useTempFolder } from '../../support/tempFolder';

/** Without the time it took, which is never the same. */
function timeless(data: JsonValue): JsonObject {
  assert.ok(isJsonObject(data));
  const { duration_ms: durationMs, ...rest } = data;
  assert.equal(typeof durationMs, 'number');
  return rest;
}

describe('the tools that run commands', function () {
  this.timeout(15_000);
  const temp = useTempFolder();
  let bench: ToolBench;
  beforeEach(() => {
    bench = toolBench({ workDir: temp.path });
  });
  afterEach(() => bench.sandbox.dispose());

  it('show a person exactly the text that will run', async () => {
    const cmd = 'echo "a  b" \\\n  && ls';
    const { effect, subject } = await bench.plan(bashRun, { cmd });
    const containment = await bench.sandbox.commands.containment();
    assert.equal(effect, 'command');
    assert.deepEqual(subject, {
      ...{ kind: 'command', command: cmd, cwd: '.', background: false, containment, reason: '' },
    });
  });

  it('run in the folder they are told, which must lie in the workspace', async () => {
    mkdirSync(join(temp.path, 'sub'));
    assert.equal((await bench.data(bashRun, { cmd: 'basename "$PWD"', cwd: 'sub' }))['output'], 'sub\n');
    const { subject } = await bench.plan(bashRun, { cmd: 'npm test', cwd: 'sub' });
    assert.equal(subject.kind === 'command' && subject.cwd, 'sub');
    await assert.rejects(bench.plan(bashRun, { cmd: 'ls', cwd: '..' }), /outside/);
    await assert.rejects(bench.plan(bashRun, { cmd: 'ls', cwd: 'missing' }), /not a folder/);
  });

  it('return exit code and output, and live output on the way', async () => {
    const { data, ok, note } = await bench.run(bashRun, { cmd: 'echo hello' });
    assert.deepEqual(
      [timeless(data), ok, note],
      [{ background: false, code: 0, output: 'hello\n' }, undefined, undefined],
    );
    assert.equal(bench.live.join(''), 'hello\n');
  });

  it('report a failed command with its output', async () => {
    const { data, ok, note } = await bench.run(bashRun, { cmd: 'echo broken; exit 2' });
    assert.deepEqual(timeless(data), { background: false, code: 2, output: 'broken\n' });
    assert.deepEqual([ok, note], [false, 'The command ended with exit code 2.']);
  });

  it('report a time-out with what was written before', async () => {
    const { data, ok, note } = await bench.run(bashRun, { cmd: 'echo begun; sleep 60', timeout_ms: 200 });
    assert.equal(timeless(data)['output'], 'begun\n');
    assert.equal(ok, false);
    assert.match(note ?? '', /after 0\.2 s/);
  });

  it('report that the user stopped it', async () => {
    const stop = new AbortController();
    const running = bench.run(bashRun, { cmd: 'echo begun; sleep 60' }, stop.signal);
    await sleep(300);
    stop.abort();
    const { data, ok, note } = await running;
    assert.equal(timeless(data)['output'], 'begun\n');
    assert.equal(ok, false);
    assert.match(note ?? '', /The user stopped/);
  });

  it('refuse a time-out beyond half an hour', async () => {
    await assert.rejects(bench.plan(bashRun, { cmd: 'ls', timeout_ms: 1_800_001 }), /timeout_ms/);
  });

  it('run in the background, tell their output and are killed', async () => {
    const plan = await bench.plan(bashRun, { cmd: 'sleep 60', background: true });
    assert.equal(plan.subject.kind === 'command' && plan.subject.background, true);
    const { shell_id: id } = await bench.data(bashRun, { cmd: 'echo up; sleep 60', background: true });
    assert.equal(typeof id, 'string');
    let output = '';
    for (let look = 0; look < 100 && output === ''; look++) {
      await sleep(30);
      output = textArgument(await bench.data(bashLogs, { shell_id: id ?? '' }), 'output');
    }
    assert.equal(output, 'up\n');
    const killed = await bench.data(bashKill, { shell_id: id ?? '' });
    assert.deepEqual([killed['ok'], killed['status']], [true, 'exited']);
    const { status, running } = await bench.data(bashLogs, { shell_id: id ?? '' });
    assert.deepEqual([status, running], ['exited', false]);
  });

  it('know only what the agent itself has started, so ending it needs no approval', async () => {
    assert.equal((await bench.plan(bashKill, { shell_id: 'x' })).effect, 'none');
    assert.equal((await bench.plan(bashLogs, { shell_id: 'x' })).effect, 'none');
    await refusalOf('not_found', bench.run(bashKill, { shell_id: '1' }));
    await refusalOf('not_found', bench.run(bashLogs, { shell_id: '1' }));
  });
});

describe('the todo tools', () => {
  const temp = useTempFolder();

  it('replace the list and read it back', async () => {
    const bench = toolBench({ workDir: temp.path });
    await bench.run(todoWrite, { todos: [{ title: 'First', status: 'in_progress' }, { title: 'Second' }] });
    const { todos } = await bench.data(todoRead, {});
    assert.deepEqual(
      (todos as readonly JsonObject[]).map(({ id, title, status }) => [id, title, status]),
      [
        ['1', 'First', 'in_progress'],
        ['2', 'Second', 'pending'],
      ],
    );
  });

  it('keep the status of an item that is written without one', async () => {
    const bench = toolBench({ workDir: temp.path });
    await bench.run(todoWrite, { todos: [{ id: 'a', title: 'First', status: 'completed' }] });
    const { todos } = await bench.data(todoWrite, { todos: [{ id: 'a', title: 'First' }] });
    assert.equal((todos as readonly JsonObject[])[0]?.['status'], 'completed');
  });

  it('refuse two items in progress and unknown states', async () => {
    const bench = toolBench({ workDir: temp.path });
    const item = { title: 'x', status: 'in_progress' };
    await refusalOf('invalid_arguments', bench.run(todoWrite, { todos: [item, item] }));
    await assert.rejects(
      bench.run(todoWrite, { todos: [{ title: 'x', status: 'done' }] }),
      /"todos\.0\.status" is "done"/,
    );
  });
});
