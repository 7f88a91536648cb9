import { modeTexts } from '../../core/protocol/modeTexts';
import { reviewModeOf, type CustomMode, type PermissionMode } from '../../core/protocol/modes';

/** A mode by the name that it has in the panel. */
export function modeWord(mode: PermissionMode | CustomMode): string {
  const known = reviewModeOf(mode);
  if (known) return modeTexts[known].name;
  return mode === 'readonly' ? 'Read only' : mode;
}
