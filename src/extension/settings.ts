import * as vscode from 'vscode';

/** A model by vendor and name, as the setting `countersign.model` writes it: `vendor:model`. */
export interface ModelChoice {
  readonly vendor: string;
  readonly model: string;
}

export function parseModelChoice(text: string): ModelChoice | undefined {
  const colon = text.indexOf(':');
  const vendor = text.slice(0, colon).trim();
  const model = text.slice(colon + 1).trim();
  return colon > 0 && model !== '' ? { vendor, model } : undefined;
}

export const formatModelChoice = ({ vendor, model }: ModelChoice): string => `${vendor}:${model}`;

const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('countersign');

/**
 * What the user set for all windows. The settings are declared with scope "application", and only the user's own value is
 * read: a workspace can neither choose the model nor send the key elsewhere.
 */
export function modelSetting(): ModelChoice | undefined {
  const value = configuration().inspect<unknown>('model')?.globalValue;
  return typeof value === 'string' ? parseModelChoice(value) : undefined;
}

export async function setModelSetting(choice: ModelChoice): Promise<void> {
  await configuration().update('model', formatModelChoice(choice), vscode.ConfigurationTarget.Global);
}

/** The endpoint the user set for a vendor, where it is not the vendor's own. */
export function endpointSetting(vendorId: string): string | undefined {
  const value: unknown = configuration().inspect<unknown>('endpoints')?.globalValue;
  if (typeof value !== 'object' || value === null) return undefined;
  const endpoint: unknown = Object.entries(value).find(([name]) => name === vendorId)?.[1];
  return typeof endpoint === 'string' && endpoint !== '' ? endpoint : undefined;
}

export async function setEndpointSetting(vendorId: string, endpoint: string): Promise<void> {
  const value = configuration().inspect<unknown>('endpoints')?.globalValue;
  const others = typeof value === 'object' && value !== null ? value : {};
  await configuration().update('endpoints', { ...others, [vendorId]: endpoint }, vscode.ConfigurationTarget.Global);
}

/** For how many days sessions are kept; 0: for ever. Only the user's own values count. */
export function retentionSetting(): { readonly keepDays: number; readonly trashDays: number } {
  return { keepDays: days('sessions.keepDays', 0), trashDays: days('sessions.trashDays', 30) };
}

function days(name: string, otherwise: number): number {
  const value = configuration().inspect<unknown>(name)?.globalValue;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : otherwise;
}
