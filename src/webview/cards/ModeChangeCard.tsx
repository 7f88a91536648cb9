import { modeWord } from '../text/modeWord';
import type { ItemOf } from './itemOf';

/** A thin line: from here on another mode holds. */
export function ModeChangeCard({ item: { mode } }: { readonly item: ItemOf<'modeChange'> }) {
  return (
    <p class="model-change">
      <span>Mode: {modeWord(mode)}</span>
    </p>
  );
}
