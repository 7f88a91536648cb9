import { cutAtLine, unifiedDiff } from '../../core/edits/hunks';
import { outcomeOf } from '../../core/edits/outcome';
import { ToolError } from '../../core/errors';
import type { FileChange } from '../../core/sandbox/sandbox';
import { outcomeText } from '../../core/tools/landedNote';

const maxPartCharacters = 8_000;

/**
 * The failure of a proposal that could not land, with what the user had made of it: their work is not lost with its diff.
 * @param wanted the same changes as the user left them
 */
export function withUsersPart(error: unknown, changes: readonly FileChange[], wanted: readonly FileChange[]): unknown {
  if (!(error instanceof ToolError)) return error;
  const parts = changes.flatMap(({ display, before, after }, index) => {
    const left = wanted[index];
    if (!left || left.after === after) return [];
    const { diff } = unifiedDiff(before ?? '', left.after ?? '');
    return [`${outcomeText(display, outcomeOf(before, after, left.after))} What they wanted of it:\n${diff}`];
  });
  if (parts.length === 0) return error;
  const advice = cutAtLine([error.advice, ...parts].join('\n'), maxPartCharacters);
  return new ToolError(error.code, error.message, { advice, cause: error });
}
