import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';
import type { ItemOf } from './itemOf';

/** What the model thought: folded, for who wants to know. */
export function ThinkingCard({ item }: { readonly item: ItemOf<'thinking'> }) {
  const unfolded = usePanel().cards.unfolded(item.key);
  const open = unfolded.value ?? false;
  return (
    <div class="thinking">
      <button type="button" class="fold" aria-expanded={open} onClick={() => (unfolded.value = !open)}>
        <Icon name="thought" />
        <span>{item.open ? 'Thinking…' : 'Thought'}</span>
        <Icon name={open ? 'chevronDown' : 'chevronRight'} />
      </button>
      {open && <p class="thinking-text">{item.text.trim()}</p>}
    </div>
  );
}
