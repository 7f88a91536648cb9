import { unifiedDiff } from '../edits/hunks';
import type { AppliedChange, EditConsent, FileChange } from '../sandbox/sandbox';
import { isJsonObject, type JsonValue } from '../util/json';

/** The data of an approved edit, with how many lines really came and went, where that is not what was proposed. */
export function withLandedCounts(
  data: JsonValue,
  consent: EditConsent,
  changes: readonly FileChange[],
  applied: readonly AppliedChange[],
): JsonValue {
  if (consent.kind !== 'approved' || !isJsonObject(data)) return data;
  const landed = changes.map((change) => ({
    change,
    landed: applied.find(({ display }) => display === change.display),
  }));
  if (!landed.some(({ change, landed: found }) => found && found.after !== change.after)) return data;
  return {
    ...data,
    landed: landed.map(({ change: { display, before, after }, landed: found }) => {
      const { additions, deletions } = unifiedDiff(before ?? '', (found ? found.after : after) ?? '');
      return { path: display, additions, deletions };
    }),
  };
}
