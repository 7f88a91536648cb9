import { PermissionError } from '../errors';
import { permissionModes, type CustomMode, type PermissionMode } from '../protocol/modes';
import { assertNever } from '../util/assertNever';
import type { Effect, Floor } from '../tools/tool';
import type { ModeAnswer, PermissionModeRegistry } from './permissionModeRegistry';

/** What an agent may do unasked. The strictest rule that speaks of a call wins: see `decide`. */
export interface PermissionConfig {
  /**
   * auto runs everything but what has a floor (see `Floor`), approval asks for whatever has an effect, readonly denies it. review is
   * approval with edits that land unasked and stay pending until somebody has reviewed them; plan is readonly until a plan is agreed.
   * Any other name is a mode of the embedder (`PermissionModeRegistry`).
   */
  readonly mode: PermissionMode | CustomMode;
  /** Asked every time; what was allowed for good does not count for them. */
  readonly requireApprovalTools?: readonly string[];
  /** `undefined` or `[]`: no list. A list lets listed tools run and denies the rest, except those of requireApprovalTools. */
  readonly allowTools?: readonly string[];
  readonly denyTools?: readonly string[];
}

/** What a policy says to a call; reasons are sentences for people. */
export type PolicyVerdict =
  | { readonly verdict: 'allow'; readonly reason: string }
  /** `why`: one sentence for each cause. `unreviewed`: the files for whose sake it is asked. */
  | {
      readonly verdict: 'ask';
      readonly reason: string;
      readonly why: readonly string[];
      readonly unreviewed?: readonly string[];
      /** What would be remembered of the answer could not be kept: it is asked every time. */
      readonly everyTime?: true;
    }
  | { readonly verdict: 'deny'; readonly reason: string };

/** What a policy judges a call by. */
export interface PolicyQuestion {
  readonly toolName: string;
  readonly effect: Effect;
  /** What no mode and no list lifts. */
  readonly floor?: Floor | undefined;
  /** Whether the user allowed exactly this, all rules of the floor. */
  readonly remembered: boolean;
  /** Files that the agent changed and nobody has reviewed, as people know them. */
  readonly unreviewed: readonly string[];
  /** Whether the operating system's sandbox holds what runs. */
  readonly contained: boolean;
  /** What the handler of the embedder's mode says. Undefined in a built-in mode; where an unknown mode got here, it denies. */
  readonly custom?: ModeAnswer | undefined;
}

const noEffects = {
  readonly: (toolName: string) => `In read-only mode nothing with an effect runs; ${toolName} would have one.`,
  plan: (toolName: string) =>
    `In plan mode nothing with an effect runs; ${toolName} would have one. Look into it with the tools that only read, then show the user a plan with present_plan: they say when to go.`,
} as const;

/** The strictest answer of all rules, deny first. Pure. The reasons are for people. */
export function decide(config: PermissionConfig, question: PolicyQuestion): PolicyVerdict {
  const { toolName, effect } = question;
  if (config.denyTools?.includes(toolName)) return { verdict: 'deny', reason: `The tool ${toolName} is switched off.` };
  const mode = permissionModes.find((one) => one === config.mode);
  if (effect !== 'none' && (mode === 'readonly' || mode === 'plan'))
    return { verdict: 'deny', reason: noEffects[mode](toolName) };
  const custom = mode ? undefined : (question.custom ?? unknownMode(config.mode));
  if (custom?.answer === 'deny') return { verdict: 'deny', reason: custom.reason };
  const asksAlways = config.requireApprovalTools?.includes(toolName) === true;
  const allowList = config.allowTools ?? [];
  if (!asksAlways && allowList.length > 0 && !allowList.includes(toolName))
    return { verdict: 'deny', reason: `The tool ${toolName} is not on the list of allowed tools.` };
  const floor = decideByFloor(question);
  // What was allowed for good lifts the floor, not this.
  if (asksAlways) {
    const why = floor?.verdict === 'ask' ? floor.why : [`The tool ${toolName} is set to ask every time.`];
    return { ...(floor?.verdict === 'ask' && floor), ...ask(why), everyTime: true };
  }
  if (floor) return floor;
  if (allowList.length > 0)
    return { verdict: 'allow', reason: `The tool ${toolName} is on the list of allowed tools.` };
  if (mode) return decideByMode(mode, effect);
  return custom?.answer === 'allow' ? { verdict: 'allow', reason: custom.reason } : ask([custom?.reason ?? '']);
}

const rememberedReason = 'You allowed exactly this.';

/** What was allowed once holds for code that was reviewed, or where the operating system holds it. */
function decideByFloor(question: PolicyQuestion): PolicyVerdict | undefined {
  const { floor, remembered, unreviewed, contained } = question;
  if (!floor) return undefined;
  const unseen = floor.runsWorkspaceCode === true && !contained && unreviewed.length > 0;
  const lifted = floor.rules.length > 0 && remembered;
  if (lifted && !unseen) return { verdict: 'allow', reason: rememberedReason };
  const asked = ask([...(unseen ? [unreviewedReason(unreviewed)] : []), ...(lifted ? [] : floor.reasons)]);
  return unseen ? { ...asked, unreviewed } : asked;
}

const namedFiles = 5;

function unreviewedReason(files: readonly string[]): string {
  const more = files.length > namedFiles ? ` and ${files.length - namedFiles} more` : '';
  const named = files.slice(0, namedFiles).join(', ');
  return `It runs code of the workspace, and the agent changed files that you have not reviewed: ${named}${more}.`;
}

function ask(why: readonly string[]): Extract<PolicyVerdict, { readonly verdict: 'ask' }> {
  return { verdict: 'ask', reason: why[0] ?? 'It has an effect.', why };
}

function decideByMode(mode: PermissionMode, effect: Effect): PolicyVerdict {
  switch (mode) {
    case 'auto':
      return { verdict: 'allow', reason: 'The mode is auto.' };
    case 'readonly':
    case 'plan':
      return { verdict: 'allow', reason: 'It only reads.' };
    case 'review':
      if (effect === 'edit') return { verdict: 'allow', reason: 'Edits are reviewed where they land.' };
      return effect === 'none' ? { verdict: 'allow', reason: 'It only reads.' } : askByMode(effect);
    case 'approval':
      return effect === 'none' ? { verdict: 'allow', reason: 'It only reads.' } : askByMode(effect);
    default:
      return assertNever(mode);
  }
}

function askByMode(effect: Exclude<Effect, 'none'>): PolicyVerdict {
  switch (effect) {
    case 'edit':
      // That is seen: no cause speaks against it in particular.
      return { verdict: 'ask', reason: 'It changes files.', why: [] };
    case 'command':
      return ask(['It runs a command with your permissions.']);
    case 'other':
      return ask(['It has an effect outside the conversation.']);
    default:
      return assertNever(effect);
  }
}

const unknownMode = (mode: string): ModeAnswer => ({
  answer: 'deny',
  reason: `Nobody says what the mode ${JSON.stringify(mode)} allows.`,
});

/** @throws PermissionError 'unknown_mode': an unknown mode never falls back to a wider one. */
export function checkPermissionConfig(
  config: PermissionConfig,
  modes: Pick<PermissionModeRegistry, 'list'>,
): PermissionConfig {
  if (!modes.list().includes(config.mode))
    throw new PermissionError('unknown_mode', `Unknown permission mode: ${JSON.stringify(config.mode)}.`, {
      advice: `Use one of ${modes.list().join(', ')}, or register it with the agent's permissionModes first.`,
    });
  return config;
}
