import { PermissionError } from '../errors';
import { assertNever } from '../util/assertNever';
import type { Effect } from '../tools/tool';

export const permissionModes = ['auto', 'approval', 'readonly'] as const;
export type PermissionMode = (typeof permissionModes)[number];

export interface PermissionConfig {
  /** auto runs everything, approval asks for whatever has an effect, readonly denies it. */
  readonly mode: PermissionMode;
  readonly requireApprovalTools?: readonly string[];
  /** `undefined` or `[]`: no list. A list lets listed tools run and denies the rest, except those of requireApprovalTools. */
  readonly allowTools?: readonly string[];
  readonly denyTools?: readonly string[];
}

export type PolicyVerdict =
  | { readonly verdict: 'allow'; readonly reason: string }
  | { readonly verdict: 'ask'; readonly reason: string }
  | { readonly verdict: 'deny'; readonly reason: string };

export interface PolicyQuestion {
  readonly toolName: string;
  readonly effect: Effect;
  /** Whether the user allowed exactly this for the session. */
  readonly remembered: boolean;
}

/** The strictest answer of all rules, deny first. Pure. The reason is for people. */
export function decide(config: PermissionConfig, question: PolicyQuestion): PolicyVerdict {
  const { toolName, effect } = question;
  if (config.denyTools?.includes(toolName)) return { verdict: 'deny', reason: `The tool ${toolName} is switched off.` };
  if (config.mode === 'readonly' && effect !== 'none')
    return { verdict: 'deny', reason: `In read-only mode nothing with an effect runs; ${toolName} would have one.` };
  if (config.requireApprovalTools?.includes(toolName))
    return question.remembered
      ? { verdict: 'allow', reason: 'You allowed exactly this for the session.' }
      : { verdict: 'ask', reason: `The tool ${toolName} is set to ask every time.` };
  const allowList = config.allowTools ?? [];
  if (allowList.length > 0)
    return allowList.includes(toolName)
      ? { verdict: 'allow', reason: `The tool ${toolName} is on the list of allowed tools.` }
      : { verdict: 'deny', reason: `The tool ${toolName} is not on the list of allowed tools.` };
  return decideByMode(config.mode, question);
}

function decideByMode(mode: PermissionMode, { effect, remembered }: PolicyQuestion): PolicyVerdict {
  switch (mode) {
    case 'auto':
      return { verdict: 'allow', reason: 'The mode is auto.' };
    case 'readonly':
      return { verdict: 'allow', reason: 'It only reads.' };
    case 'approval':
      if (effect === 'none') return { verdict: 'allow', reason: 'It only reads.' };
      if (remembered) return { verdict: 'allow', reason: 'You allowed exactly this for the session.' };
      return { verdict: 'ask', reason: askReason(effect) };
    default:
      return assertNever(mode);
  }
}

function askReason(effect: Exclude<Effect, 'none'>): string {
  switch (effect) {
    case 'edit':
      return 'It changes files.';
    case 'command':
      return 'It runs a command with your permissions.';
    case 'other':
      return 'It has an effect outside the conversation.';
    default:
      return assertNever(effect);
  }
}

/** @throws PermissionError 'unknown_mode': an unknown mode never falls back to a wider one. */
export function checkPermissionConfig(config: PermissionConfig): PermissionConfig {
  if (!permissionModes.includes(config.mode))
    throw new PermissionError('unknown_mode', `Unknown permission mode: ${JSON.stringify(config.mode)}.`, {
      advice: `Use one of ${permissionModes.join(', ')}.`,
    });
  return config;
}
