import { previewOf } from '../edits/hunks';
import { ToolError } from '../errors';
import type { AppliedChange, FileChange, ResolvedPath } from '../sandbox/sandbox';
import type { JsonValue } from '../util/json';
import { withLandedCounts } from './landedCounts';
import { landedNote } from './landedNote';
import { withNewProblems } from './problemData';
import type { ToolContext, ToolPlan } from './tool';

export interface CurrentFile {
  readonly resolved: ResolvedPath;
  /** Undefined: there is no such file. */
  readonly text: string | undefined;
}

/** What stands in a file now. @throws SandboxError or ToolError when it cannot be edited as text. */
export async function currentFile(path: string, { sandbox, signal }: ToolContext): Promise<CurrentFile> {
  const resolved = await sandbox.files.resolve(path, signal);
  if (!resolved.exists) return { resolved, text: undefined };
  return { resolved, text: (await sandbox.files.readText(resolved.path, signal)).text };
}

/** The change of one file, with what speaks against making it unasked. */
export function changeOf(
  { path, display, guarded }: ResolvedPath,
  before: string | undefined,
  after: string | undefined,
): FileChange {
  return { path, display, before, after, ...(guarded && { guarded }) };
}

/** The plan of an edit: shown as these changes, run as exactly these changes. `report` builds the data from what landed. */
export function editPlan(
  changes: readonly FileChange[],
  report: (applied: readonly AppliedChange[]) => JsonValue,
): ToolPlan {
  const reasons = changes.flatMap(({ display, guarded }) => (guarded ? [`${display}: ${guarded.reason}`] : []));
  return {
    effect: 'edit',
    subject: { kind: 'edit', files: changes.map(previewOf), reason: '' },
    changes,
    ...(reasons.length > 0 && { floor: { reasons, rules: [] } }),
    run: async ({ sandbox, services, consent, answer, signal }) => {
      const paths = changes.map(({ path }) => path);
      const watch = await sandbox.language?.watchProblems(paths, signal);
      try {
        const applied = await sandbox.edits.apply(consent, changes, signal);
        for (const change of changes) services.files.noteEdit(change, landedAt(change, applied));
        const note = landedNote(consent, changes, applied, answer);
        const added = await watch?.added(signal);
        const data = withLandedCounts(report(applied), consent, changes, applied);
        return { data: withNewProblems(data, added), ...(note !== undefined && { note }) };
      } finally {
        watch?.dispose();
      }
    },
  };
}

/** What stands in a file after the edit, as the user may have changed it. */
export function landedText(change: FileChange, applied: readonly AppliedChange[]): string {
  return landedAt(change, applied) ?? '';
}

function landedAt(change: FileChange, applied: readonly AppliedChange[]): string | undefined {
  const landed = applied.find(({ display }) => display === change.display);
  return landed ? landed.after : change.after;
}

export function unchanged(display: string): ToolError {
  return new ToolError(
    'already_applied',
    `${JSON.stringify(display)} holds exactly this already: nothing would change.`,
    {
      advice: 'Read the file again before you edit it further.',
    },
  );
}
