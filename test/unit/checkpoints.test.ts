import { strict as assert } from 'node:assert';
import { stat, writeFile } from 'node:fs/promises';
import { Agent } from '../../src/core/agent/agent';
import { dependenciesFor } from '../support/agents';
import { edit, files, idAt, patch, scriptOf, useCheckpointBench, write, type Turns } from '../support/checkpointBench';

describe('checkpoints', () => {
  const bench = useCheckpointBench();

  it('brings back files that several turns have edited, made and deleted, and undoes that', async () => {
    const ids = await bench.start(
      ['one', edit('a.txt', 'a1', 'a2')],
      ['two', edit('a.txt', 'a2', 'a3'), write('new/d.txt', 'd1\n')],
      [
        'three',
        patch('*** Begin Patch\n*** Delete File: b.txt\n*** Update File: src/c.txt\n@@\n-c1\n+c2\n*** End Patch'),
      ],
    );
    assert.deepEqual(
      [await bench.text('a.txt'), await bench.text('new/d.txt'), await bench.text('src/c.txt')],
      ['a3\n', 'd1\n', 'c2\n'],
    );
    const { files: listed } = await bench.agent.checkpoints.previewRestore(idAt(ids, 1));
    assert.deepEqual(
      listed.map(({ display, change, foreign }) => [display, change, foreign]),
      [
        ['a.txt', 'restore', false],
        ['b.txt', 'recreate', false],
        ['new/d.txt', 'delete', false],
        ['src/c.txt', 'restore', false],
      ],
    );
    assert.deepEqual(await bench.agent.checkpoints.restore(idAt(ids, 1), files), { files: 4, conversation: false });
    assert.deepEqual(
      [await bench.text('a.txt'), await bench.text('b.txt'), await bench.text('src/c.txt')],
      ['a2\n', 'b1\n', 'c1\n'],
    );
    await assert.rejects(stat(bench.ws.file('new/d.txt')));
    // Later places can still be gone to: what was restored over was kept.
    await bench.agent.checkpoints.restore(idAt(ids, 2), files);
    assert.deepEqual([await bench.text('a.txt'), await bench.text('b.txt')], ['a3\n', 'b1\n']);
    await bench.agent.checkpoints.undoRestore();
    await bench.agent.checkpoints.undoRestore();
    await assert.rejects(stat(bench.ws.file('b.txt')));
    assert.deepEqual(
      [await bench.text('a.txt'), await bench.text('new/d.txt'), await bench.text('src/c.txt')],
      ['a3\n', 'd1\n', 'c2\n'],
    );
    await assert.rejects(bench.agent.checkpoints.undoRestore(), { code: 'nothing' });
  });

  it('takes files and conversation back together, and both come back', async () => {
    const ids = await bench.start(['one', edit('a.txt', 'a1', 'a2')], ['two', edit('a.txt', 'a2', 'a3')]);
    const before = bench.agent.info().messageCount;
    const done = await bench.agent.checkpoints.restore(idAt(ids, 1), { files: true, conversation: true });
    assert.deepEqual(done, { files: 1, conversation: true });
    assert.ok(bench.agent.info().messageCount < before);
    assert.equal(await bench.text('a.txt'), 'a2\n');
    assert.deepEqual(await bench.agent.checkpoints.undoRestore(), { files: 1, conversation: true });
    assert.equal(bench.agent.info().messageCount, before);
    assert.equal(await bench.text('a.txt'), 'a3\n');
    await bench.agent.rewind(idAt(ids, 0));
    assert.equal(await bench.text('a.txt'), 'a3\n');
    assert.deepEqual(await bench.agent.checkpoints.undoRestore(), { files: 0, conversation: true });
    assert.equal(bench.agent.info().messageCount, before);
  });

  it('leaves the conversation as it is when it went on since', async () => {
    const ids = await bench.start(['one', edit('a.txt', 'a1', 'a2')]);
    await bench.agent.checkpoints.restore(idAt(ids, 0), { files: true, conversation: true });
    await bench.agent.complete('something else');
    assert.deepEqual(await bench.agent.checkpoints.undoRestore(), { files: 1, conversation: false });
    assert.equal(await bench.text('a.txt'), 'a2\n');
  });

  it('lists what somebody else has changed first, and touches it only when that was seen', async () => {
    const [first] = await bench.start(['one', edit('a.txt', 'a1', 'a2'), edit('b.txt', 'b1', 'b2')]);
    assert.ok(first);
    await writeFile(bench.ws.file('b.txt'), 'mine\r\n\0');
    const preview = await bench.agent.checkpoints.previewRestore(first);
    assert.deepEqual(
      preview.files.map(({ display, foreign }) => [display, foreign]),
      [
        ['b.txt', true],
        ['a.txt', false],
      ],
    );
    await assert.rejects(bench.agent.checkpoints.restore(first, files), { code: 'changed' });
    assert.deepEqual([await bench.text('a.txt'), await bench.text('b.txt')], ['a2\n', 'mine\r\n\0']);
    await writeFile(bench.ws.file('b.txt'), 'mine too');
    await assert.rejects(bench.agent.checkpoints.restore(first, { ...files, token: preview.token }), {
      code: 'changed',
    });
    const { token } = await bench.agent.checkpoints.previewRestore(first);
    await bench.agent.checkpoints.restore(first, { ...files, token });
    assert.deepEqual([await bench.text('a.txt'), await bench.text('b.txt')], ['a1\n', 'b1\n']);
    await bench.agent.checkpoints.undoRestore();
    assert.deepEqual([await bench.text('a.txt'), await bench.text('b.txt')], ['a2\n', 'mine too']);
  });

  it('names a change that somebody else made between two turns', async () => {
    const turns: Turns = [
      ['one', edit('a.txt', 'a1', 'a2')],
      ['two', edit('a.txt', 'mine', 'a3')],
    ];
    const agent = await bench.agentWith({ script: scriptOf(turns) });
    const first = await agent.send('one');
    await agent.complete();
    await writeFile(bench.ws.file('a.txt'), 'mine\n');
    const second = await agent.send('two');
    await agent.complete();
    assert.equal(await bench.text('a.txt'), 'a3\n');
    assert.equal((await agent.checkpoints.previewRestore(first)).files[0]?.foreign, true);
    assert.equal((await agent.checkpoints.previewRestore(second)).files[0]?.foreign, false);
    await agent.checkpoints.restore(second, files);
    assert.equal(await bench.text('a.txt'), 'mine\n');
  });

  it('asks before it undoes a restore over what was done since', async () => {
    const [first] = await bench.start(['one', edit('a.txt', 'a1', 'a2')]);
    assert.ok(first);
    await bench.agent.checkpoints.restore(first, files);
    await writeFile(bench.ws.file('a.txt'), 'mine\n');
    await assert.rejects(bench.agent.checkpoints.undoRestore(), { code: 'changed' });
    assert.equal(await bench.text('a.txt'), 'mine\n');
    await bench.agent.checkpoints.undoRestore({ overwrite: true });
    assert.equal(await bench.text('a.txt'), 'a2\n');
  });

  it('restores nothing while a turn runs', async () => {
    const agent = await bench.agentWith({ script: [{ text: 'word '.repeat(200) }], chunkDelayMs: 5 });
    const first = await agent.send('one');
    await assert.rejects(agent.checkpoints.restore(first, files), { code: 'busy' });
    await agent.interrupt();
  });

  it('tells the model what went back, where the conversation stays', async () => {
    const [first] = await bench.start(['one', edit('a.txt', 'a1', 'a2')]);
    assert.ok(first);
    await bench.agent.checkpoints.restore(first, files);
    assert.match(bench.agent.info().told?.[0] ?? '', /put files back .* a\.txt/);
  });

  it('a fork restores what it has done itself', async () => {
    const ids = await bench.start(['one', edit('a.txt', 'a1', 'a2')], ['two', edit('b.txt', 'b1', 'b2')]);
    const fork = await bench.agent.fork(idAt(ids, 1));
    const { files: listed } = await fork.checkpoints.previewRestore(idAt(ids, 0));
    assert.deepEqual(
      listed.map(({ display }) => display),
      ['a.txt'],
    );
    await fork[Symbol.asyncDispose]();
  });

  it('works where nothing is kept: the conversation alone goes back', async () => {
    bench.deps = dependenciesFor({ script: scriptOf([['one', edit('a.txt', 'a1', 'a2')]]), workspace: bench.ws });
    bench.agent = await Agent.create({ agentId: 'a', templateId: 'test' }, bench.deps);
    const first = await bench.agent.send('one');
    await bench.agent.complete();
    assert.deepEqual((await bench.agent.checkpoints.previewRestore(first)).files, []);
    await assert.rejects(bench.agent.checkpoints.restore(first, files), { code: 'nothing' });
    await bench.agent.rewind(first);
    assert.equal(bench.agent.info().messageCount, 0);
  });
});
