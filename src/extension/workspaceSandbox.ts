import * as vscode from 'vscode';
import type { Sandbox, WorkspaceRoot } from '../core/sandbox/sandbox';
import { LocalSandbox } from '../node/localSandbox';
import { demoVariables } from './demo';
import { EditorLanguage } from './language/editorLanguage';
import type { Proposals } from './review/proposals';
import { WorkspaceEdits } from './workspaceEdits';
import { WorkspaceFiles } from './workspaceFiles';

/** The workspace's folders on this machine; names are made unique, because they stand in front of paths. */
export function workspaceRoots(): readonly WorkspaceRoot[] {
  const taken = new Set<string>();
  return (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === 'file')
    .map((folder) => {
      let name = folder.name;
      for (let next = 2; taken.has(name); next++) name = `${folder.name}-${next}`;
      taken.add(name);
      return { name, path: folder.uri.fsPath };
    });
}

/** Hands that reach into this workspace: open documents are read from their buffers, edits go through the editor. */
export function makeSandbox(proposals: Proposals, demo: boolean): Sandbox {
  return new LocalSandbox({
    roots: workspaceRoots(),
    files: (onDisk) => new WorkspaceFiles(onDisk),
    edits: (_onDisk, files) => new WorkspaceEdits(proposals, files),
    language: (files) => new EditorLanguage(files),
    env: demo ? demoVariables() : {},
  });
}
