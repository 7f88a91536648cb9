import { SandboxError } from '../../core/errors';
import type { Commands, FileEdits, Sandbox, SandboxFiles, WorkspaceRoot } from '../../core/sandbox/sandbox';
import { WorkspaceFiles } from '../workspaceFiles';
import { VirtualFiles } from './virtualFiles';
import { VirtualPaths } from './virtualPaths';
import { VirtualSearch } from './virtualSearch';

/** Folders that are not on this machine, like a repository on a server: they are read, searched and edited; nothing runs. */
export class VirtualSandbox implements Sandbox {
  readonly kind = 'virtual';
  readonly roots: readonly WorkspaceRoot[];
  readonly files: SandboxFiles;
  readonly edits: FileEdits;
  readonly search: VirtualSearch;
  readonly commands: Commands = noCommands;

  /** @param roots their `path` is the folder's URI. */
  constructor(roots: readonly WorkspaceRoot[], edits: (files: SandboxFiles) => FileEdits) {
    this.roots = roots;
    const paths = new VirtualPaths(roots);
    const files = new VirtualFiles(paths);
    this.files = new WorkspaceFiles(files);
    this.edits = edits(this.files);
    this.search = new VirtualSearch(paths, files);
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

const noCommands: Commands = {
  shell: 'none: this workspace is virtual, commands cannot run',
  judge: () => Promise.reject(unavailable()),
  containment: () => Promise.reject(unavailable()),
  run: () => Promise.reject(unavailable()),
  start: () => Promise.reject(unavailable()),
  logs: () => undefined,
  kill: () => Promise.resolve(undefined),
};

function unavailable(): SandboxError {
  return new SandboxError(
    'command_unavailable',
    'This workspace is virtual: its files are not on a machine that runs commands.',
    {
      advice: 'Work with the fs_ tools only. To run something the user has to open the folder on a machine.',
    },
  );
}
