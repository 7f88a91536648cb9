import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { demoFiles } from '../core/model/demo';

/** Environment variables for the commands of the demo: the sample's tests run on VS Code's own Node, so that none need be installed. */
export function demoVariables(): Readonly<Record<string, string>> {
  return { COUNTERSIGN_NODE: process.execPath, ELECTRON_RUN_AS_NODE: '1' };
}

/** How the sample's tests are run in a shell of this kind. */
export function demoTestCommand(shell: string): string {
  return shell === 'PowerShell' ? '& $env:COUNTERSIGN_NODE test/run.js' : '"$COUNTERSIGN_NODE" test/run.js';
}

/** The folder with the sample project, if it is open: known by its files, wherever it was copied to. */
export async function findDemoFolder(): Promise<vscode.Uri | undefined> {
  for (const folder of vscode.workspace.workspaceFolders ?? []) if (await isDemoFolder(folder.uri)) return folder.uri;
  return undefined;
}

async function isDemoFolder(folder: vscode.Uri): Promise<boolean> {
  try {
    const manifest = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, 'package.json'));
    if (!new TextDecoder().decode(manifest).includes('"name": "invoice-demo"')) return false;
    for (const file of demoFiles) await vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, file));
    return true;
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return false;
    throw error;
  }
}

/** Copies the bundled sample to a fresh temporary folder. */
export async function copySample(extensionUri: vscode.Uri): Promise<vscode.Uri> {
  const name = `countersign-demo-${Date.now().toString(36)}`;
  const target = vscode.Uri.file(path.join(os.tmpdir(), name, 'invoice-demo'));
  await vscode.workspace.fs.copy(vscode.Uri.joinPath(extensionUri, 'samples', 'demo-workspace'), target);
  return target;
}
