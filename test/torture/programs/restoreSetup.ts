import * as path from 'node:path';
import type { AgentDependencies } from '../../../src/core/agent/config';
import type { ModelProvider } from '../../../src/core/model/provider';
import { scriptedModel } from '../../../src/core/model/scripted';
import { FileCheckpointBlobs } from '../../../src/node/checkpoints/fileCheckpointBlobs';
import { edit, patch, scriptOf, write } from '../../support/checkpointBench';
import { turnDependencies } from './turnSetup';

/** Where a session, its checkpoints and its workspace are: all below one folder. */
export function restoreDependencies(folder: string): AgentDependencies {
  const deps = turnDependencies(path.join(folder, 'store'), path.join(folder, 'workspace'));
  deps.templateRegistry.register({ id: 'unasked', systemPrompt: 'You are a test.', permission: { mode: 'auto' } });
  return { ...deps, checkpoints: new FileCheckpointBlobs({ folder: path.join(folder, 'checkpoints') }) };
}

/** What stands in the workspace before the turn. */
export const filesBefore: Readonly<Record<string, string>> = {
  'a.txt': 'a1\n',
  'mixed.txt': '\uFEFFone\r\ntwo\nthree\rlast',
  'sub/c.txt': 'c1\n',
  'sub/d.txt': '',
  'gone.txt': 'it was here, without an end of its line',
};

/** And after it. */
export const filesAfter: Readonly<Record<string, string>> = {
  'a.txt': 'a2\n',
  'mixed.txt': '\uFEFFone\r\n2\nthree\rlast',
  'sub/c.txt': 'c2\n',
  'sub/d.txt': 'd2',
  'new/made.txt': 'made\n',
};

export function editingModel(): ModelProvider {
  const remove = patch('*** Begin Patch\n*** Delete File: gone.txt\n*** End Patch');
  const edits = [edit('a.txt', 'a1', 'a2'), edit('mixed.txt', 'two', '2'), edit('sub/c.txt', 'c1', 'c2')];
  return scriptedModel(
    scriptOf([['Go.', ...edits, write('sub/d.txt', 'd2'), remove, write('new/made.txt', 'made\n')]]),
  );
}
