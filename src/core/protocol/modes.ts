/** What runs unasked: see `PermissionConfig`. */
export const permissionModes = ['auto', 'review', 'approval', 'plan', 'readonly'] as const;
/** What runs unasked where no list says otherwise: see `PermissionConfig.mode`. */
export type PermissionMode = (typeof permissionModes)[number];

/** A mode of an embedder, by the name under which it was registered: never one of the panel's. */
export type CustomMode = string & Record<never, never>;

/**
 * The modes as a person chooses them, from the strictest on. plan: nothing with an effect runs until a plan is agreed. ask: each
 * effect is asked for. review: edits land and wait to be reviewed. auto: edits land; commands run unless something speaks against it.
 */
export const reviewModes = ['plan', 'ask', 'review', 'auto'] as const;
export type ReviewMode = (typeof reviewModes)[number];

export function permissionModeOf(mode: ReviewMode): PermissionMode {
  return mode === 'ask' ? 'approval' : mode;
}

/** 'readonly' and an embedder's modes have no name in the panel: nobody can switch to them there. */
export function reviewModeOf(mode: PermissionMode | CustomMode): ReviewMode | undefined {
  return mode === 'approval' ? 'ask' : parseReviewMode(mode === 'ask' ? undefined : mode);
}

/** In a workspace that is not trusted nothing wider than asking is in force, whatever was chosen. */
export function modeInForce(chosen: ReviewMode, trusted: boolean): ReviewMode {
  return trusted || chosen === 'plan' ? chosen : 'ask';
}

/** A mode from a setting or from what was kept; undefined for anything that is none. */
export function parseReviewMode(value: unknown): ReviewMode | undefined {
  return reviewModes.find((mode) => mode === value);
}
