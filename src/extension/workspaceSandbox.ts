import * as vscode from 'vscode';
import type { Sandbox, WorkspaceRoot } from '../core/sandbox/sandbox';
import { LocalSandbox } from '../node/localSandbox';
import { demoVariables } from './demo';
import { EditorLanguage } from './language/editorLanguage';
import type { LandingWitness } from './review/landingWitness';
import type { Proposals } from './review/proposals';
import { isVirtual } from './virtual/virtualPaths';
import { VirtualSandbox } from './virtual/virtualSandbox';
import { allowedHostsSetting, sandboxSetting } from './settings';
import { WorkspaceEdits } from './workspaceEdits';
import { WorkspaceFiles } from './workspaceFiles';

/** The folders that the agent works in: those on this machine; where there are none, those of virtual file systems. */
export function rootFolders(): readonly vscode.WorkspaceFolder[] {
  const all = vscode.workspace.workspaceFolders ?? [];
  const local = all.filter(({ uri }) => uri.scheme === 'file');
  return local.length > 0 ? local : all.filter(({ uri }) => isVirtual(uri));
}

/** Names are made unique, because they stand in front of paths. */
export function workspaceRoots(): readonly WorkspaceRoot[] {
  const taken = new Set<string>();
  return rootFolders().map(({ name: given, uri }) => {
    // A workspace file may give any text for a name.
    const plain = given.replaceAll(/[\\/\p{Cc}\p{Cs}]/gu, '-').replace(/^\.*$/, 'folder');
    let name = plain;
    for (let next = 2; taken.has(name); next++) name = `${plain}-${next}`;
    taken.add(name);
    return { name, path: uri.scheme === 'file' ? uri.fsPath : uri.toString() };
  });
}

export interface HostSandboxOptions {
  readonly demo: boolean;
  /** Folders that commands may not read: where the sessions of all workspaces are kept. */
  readonly hidden: readonly string[];
  readonly witness: LandingWitness;
}

/** Hands that reach into this workspace: open documents are read from their buffers, edits go through the editor. */
export function makeSandbox(proposals: Proposals, { demo, hidden, witness }: HostSandboxOptions): Sandbox {
  const roots = workspaceRoots();
  if (rootFolders().some(({ uri }) => isVirtual(uri)))
    return new VirtualSandbox(roots, (files) => new WorkspaceEdits(proposals, files, witness));
  return new LocalSandbox({
    roots,
    files: (onDisk) => new WorkspaceFiles(onDisk),
    edits: (_onDisk, files) => new WorkspaceEdits(proposals, files, witness),
    ripgrep: { appRoot: vscode.env.appRoot },
    language: (files) => new EditorLanguage(files),
    env: demo ? demoVariables() : {},
    allowedHosts: allowedHostsSetting,
    containment: sandboxSetting() && { hidden },
  });
}
