import type * as vscode from 'vscode';
import { createHost, type Host } from './host';

const active: Host[] = [];

/** Called by VS Code. Nothing here reads the disk or starts a process: that waits until the panel is opened. */
export function activate(context: vscode.ExtensionContext): void {
  active.push(createHost(context));
}

/** VS Code gives this about five seconds; nothing that must be kept depends on it. */
export async function deactivate(): Promise<void> {
  await Promise.all(active.splice(0).map((host) => host.close()));
}
