import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { commands, workspace } from 'vscode';
import { Agent } from '../../src/core/agent/agent';
import { FileCheckpointBlobs } from '../../src/node/checkpoints/fileCheckpointBlobs';
import { LocalSandbox } from '../../src/node/localSandbox';
import { WorkspaceEdits } from '../../src/extension/workspaceEdits';
import { WorkspaceFiles } from '../../src/extension/workspaceFiles';
import { dependenciesFor, workspaceWith } from '../support/agents';
import { append, EditsFixture, hexOn, showFile, textOn } from './editsSupport';

describe('restoring a file that is open', () => {
  let fixture: EditsFixture;
  let blobs: string;
  before(async () => {
    fixture = new EditsFixture();
    blobs = await mkdtemp(path.join(tmpdir(), 'countersign-blobs-'));
  });
  afterEach(() => fixture.reset());
  after(async () => {
    await fixture.dispose();
    await rm(blobs, { recursive: true, force: true });
  });

  async function agentOn(file: string, from: string, to: string): Promise<Agent> {
    const name = path.basename(file);
    const input = { path: name, old_string: from, new_string: to };
    const ws = await workspaceWith();
    const deps = dependenciesFor({
      script: [{ calls: [{ name: 'fs_edit', input }] }, { text: 'Done.' }],
      workspace: { ...ws, folder: path.dirname(file) },
    });
    await ws.remove();
    const sandboxFactory = (): LocalSandbox =>
      new LocalSandbox({
        ...{ workDir: path.dirname(file), unguarded: true },
        files: (onDisk) => new WorkspaceFiles(onDisk),
        edits: (_onDisk, files) => new WorkspaceEdits(fixture.proposals, files),
      });
    const checkpoints = new FileCheckpointBlobs({ folder: blobs });
    return Agent.create({ templateId: 'test' }, { ...deps, sandboxFactory, checkpoints });
  }
  const shows = async (file: string, text: string): Promise<void> => {
    const document = await workspace.openTextDocument(file);
    const deadline = Date.now() + 3_000;
    while (document.getText() !== text && Date.now() < deadline) await new Promise((done) => setTimeout(done, 20));
    assert.deepEqual([document.getText(), document.isDirty], [text, false]);
  };

  it('its editor follows the restore and its undo, and the bytes are the very same', async () => {
    const file = fixture.write('\uFEFFone\r\ntwo\r\n');
    const before = hexOn(file);
    await showFile(file);
    const agent = await agentOn(file, 'two', 'three');
    const first = await agent.send('go');
    await agent.complete();
    const edited = hexOn(file);
    await shows(file, 'one\r\nthree\r\n');
    await agent.checkpoints.restore(first, { files: true, conversation: false });
    assert.equal(hexOn(file), before);
    await shows(file, 'one\r\ntwo\r\n');
    await agent.checkpoints.undoRestore();
    assert.equal(hexOn(file), edited);
    await shows(file, 'one\r\nthree\r\n');
    await commands.executeCommand('undo');
    assert.equal((await workspace.openTextDocument(file)).getText(), 'one\r\ntwo\r\n');
    await agent[Symbol.asyncDispose]();
  });

  it('unsaved text of the user is not thrown away: it is named, and nothing is restored', async () => {
    const file = fixture.write('one\ntwo\n');
    const agent = await agentOn(file, 'two', 'three');
    const first = await agent.send('go');
    await agent.complete();
    await append(await showFile(file), 'typed');
    const { files, token } = await agent.checkpoints.previewRestore(first);
    assert.equal(files[0]?.foreign, true);
    await assert.rejects(agent.checkpoints.restore(first, { files: true, conversation: false, token }), {
      message: /unsaved text in its editor; nothing was restored/,
    });
    assert.equal(textOn(file), 'one\nthree\n');
    assert.equal((await workspace.openTextDocument(file)).getText(), 'one\nthree\ntyped');
    await agent[Symbol.asyncDispose]();
  });

  it('unsaved text that an edit builds on is in the checkpoint', async () => {
    const file = fixture.write('one\ntwo\n');
    await append(await showFile(file), 'typed\n');
    const agent = await agentOn(file, 'two', 'three');
    const first = await agent.send('go');
    await agent.complete();
    assert.equal(textOn(file), 'one\nthree\ntyped\n');
    await agent.checkpoints.restore(first, { files: true, conversation: false });
    assert.equal(textOn(file), 'one\ntwo\ntyped\n');
    await agent[Symbol.asyncDispose]();
  });
});
