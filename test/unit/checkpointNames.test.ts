import { strict as assert } from 'node:assert';
import { FileCheckpointBlobs } from '../../src/node/checkpoints/fileCheckpointBlobs';
import { targetsOf } from '../../src/core/checkpoints/checkpointEntry';
import { planRestore } from '../../src/core/checkpoints/restorePlan';
import { LocalSandbox } from '../../src/node/localSandbox';
import { workspaceWith } from '../support/agents';
import { neverAborted } from '../support/refusal';
import { sha } from '../support/checkpointBench';

describe('a checkpoint from a session of somebody else', () => {
  it('cannot name one file and mean another', async () => {
    const ws = await workspaceWith({ 'notes.txt': 'mine\n' });
    const sandbox = new LocalSandbox({ workDir: ws.folder });
    const blobs = new FileCheckpointBlobs({ folder: ws.file('blobs') });
    const { path } = await sandbox.files.resolve('notes.txt', neverAborted);
    const lie = { turnId: 'msg-1', seq: 1, createdAt: 1, display: 'build/output.log' };
    const states = { before: { kind: 'absent' }, after: { kind: 'file', hash: sha('mine\n') } } as const;
    const targets = targetsOf([{ ...lie, path, ...states }], () => false);
    const planned = await planRestore(targets, { files: sandbox.files, blobs }, neverAborted);
    assert.deepEqual(
      planned.map(({ display, change }) => [display, change]),
      [['notes.txt', 'delete']],
    );
    await sandbox.dispose();
    await ws.remove();
  });
});
