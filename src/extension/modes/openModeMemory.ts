import * as vscode from 'vscode';
import { modeSetting } from '../settings';
import { ModeMemory, type ModeMemoryPorts } from './modeMemory';

/** Which session has which mode, as this window keeps it for its workspace. */
export function openModeMemory(memento: vscode.Memento, reportError: ModeMemoryPorts['reportError']): ModeMemory {
  const isTrusted = (): boolean => vscode.workspace.isTrusted;
  return new ModeMemory({ memento, standard: modeSetting, isTrusted, reportError });
}
