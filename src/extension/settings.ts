import * as vscode from 'vscode';
import { parseReviewMode, type ReviewMode } from '../core/protocol/modes';
import type { ModelChoice } from '../core/protocol/models';
import type { Budget } from '../core/protocol/usage';
import { isJsonObject, type JsonObject } from '../core/util/json';

/** Names of local models hold colons themselves (`ollama:qwen3:8b`): only the first one divides. */
export function parseModelChoice(text: string): ModelChoice | undefined {
  const colon = text.indexOf(':');
  const vendor = text.slice(0, colon).trim();
  const model = text.slice(colon + 1).trim();
  return colon > 0 && model !== '' ? { vendor, model } : undefined;
}

export const formatModelChoice = ({ vendor, model }: ModelChoice): string => `${vendor}:${model}`;

const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('countersign');

/**
 * The settings are declared with scope "application", and only the user's own value is read: a workspace can neither choose
 * the model nor send the key elsewhere.
 */
const userValue = (name: string): unknown => configuration().inspect<unknown>(name)?.globalValue;

/** An object that the user set, by name; empty where it is none. */
function userObject(name: string): Readonly<Record<string, unknown>> {
  const value = userValue(name);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

async function setUserValue(name: string, value: unknown): Promise<void> {
  await configuration().update(name, value, vscode.ConfigurationTarget.Global);
}

/** What new sessions use, as vendor and model; how it is asked is remembered beside it (ModelMemory). */
export function modelSetting(): ModelChoice | undefined {
  const value = userValue('model');
  return typeof value === 'string' ? parseModelChoice(value) : undefined;
}

export async function setModelSetting(choice: ModelChoice): Promise<void> {
  await setUserValue('model', formatModelChoice(choice));
}

/** The mode of new sessions. */
export function modeSetting(): ReviewMode {
  return parseReviewMode(userValue('mode')) ?? 'ask';
}

/** The endpoint the user set for a vendor, where it is not the vendor's own. */
export function endpointSetting(vendorId: string): string | undefined {
  const endpoint = entryOf(userObject('endpoints'), vendorId);
  return typeof endpoint === 'string' && endpoint !== '' ? endpoint : undefined;
}

/** @param endpoint empty: the vendor's own */
export async function setEndpointSetting(vendorId: string, endpoint: string): Promise<void> {
  const others = Object.entries(userObject('endpoints')).filter(([name]) => name !== vendorId);
  const all = Object.fromEntries(endpoint === '' ? others : [...others, [vendorId, endpoint]]);
  await setUserValue('endpoints', Object.keys(all).length === 0 ? undefined : all);
}

/** HTTP headers beside the vendor's own, for a gateway that asks for them. */
export function headersSetting(vendorId: string): Readonly<Record<string, string>> | undefined {
  const headers = entryOf(userObject('headers'), vendorId);
  if (typeof headers !== 'object' || headers === null) return undefined;
  const texts = Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return texts.length === 0 ? undefined : Object.fromEntries(texts);
}

/** What goes into the body of every request to a vendor, by the vendor's own names. */
export function requestOptionsSetting(vendorId: string): JsonObject | undefined {
  const options = entryOf(userObject('requestOptions'), vendorId);
  return isJsonObject(options) ? options : undefined;
}

/** What the user knows better of models, by name; checked by whoever uses it. */
export function modelFactsSetting(): Readonly<Record<string, unknown>> {
  return userObject('models');
}

/** For how many days sessions are kept; 0: for ever. */
export function retentionSetting(): { readonly keepDays: number; readonly trashDays: number } {
  return { keepDays: days('sessions.keepDays', 0), trashDays: days('sessions.trashDays', 30) };
}

/** What checkpoints of one workspace may take on the disk, in bytes. */
export function checkpointBytesSetting(): number {
  const value = userValue('checkpoints.maxMegabytes');
  const megabytes = typeof value === 'number' && Number.isFinite(value) && value >= 1 ? value : 200;
  return megabytes * 1024 * 1024;
}

/** The budgets in the order in which they are offered. */
export const budgetSettings = ['sessionUsd', 'dayUsd', 'sessionTokens', 'dayTokens'] as const;
export type BudgetSetting = (typeof budgetSettings)[number];

/** A limit; undefined: none. */
export function budgetSetting(name: BudgetSetting): number | undefined {
  const value = userValue(`budget.${name}`);
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** @param limit undefined: none */
export async function setBudgetSetting(name: BudgetSetting, limit: number | undefined): Promise<void> {
  await setUserValue(`budget.${name}`, limit);
}

export function budgetsSetting(): { readonly session?: Budget; readonly day?: Budget } {
  const session = budgetOf(budgetSetting('sessionUsd'), budgetSetting('sessionTokens'));
  const day = budgetOf(budgetSetting('dayUsd'), budgetSetting('dayTokens'));
  return { ...(session && { session }), ...(day && { day }) };
}

/** Hosts that commands may reach from inside of the sandbox; names and `*.name`, whatever else stands there is left out. */
export function allowedHostsSetting(): readonly string[] {
  const value = userValue('commands.allowedHosts');
  const texts: readonly unknown[] = Array.isArray(value) ? value : [];
  return texts.filter((text): text is string => typeof text === 'string' && /^(\*\.)?[\w-]+(\.[\w-]+)*$/.test(text));
}

/** Whether the operating system's sandbox holds commands, where the machine has one. */
export function sandboxSetting(): boolean {
  return userValue('commands.sandbox') !== false;
}

function budgetOf(usd: number | undefined, tokens: number | undefined): Budget | undefined {
  if (usd === undefined && tokens === undefined) return undefined;
  return { ...(usd !== undefined && { usd }), ...(tokens !== undefined && { tokens }) };
}

function entryOf(object: Readonly<Record<string, unknown>>, wanted: string): unknown {
  return Object.entries(object).find(([name]) => name === wanted)?.[1];
}

function days(name: string, otherwise: number): number {
  const value = userValue(name);
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : otherwise;
}
