import { modeTexts } from '../../core/protocol/modeTexts';
import { reviewModeOf, type PermissionMode } from '../../core/protocol/modes';

/** A mode by the name that it has in the panel. */
export function modeWord(mode: PermissionMode): string {
  const known = reviewModeOf(mode);
  return known ? modeTexts[known].name : 'Read only';
}
