import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';
import type { ItemOf } from './itemOf';
import { UserActions } from './UserActions';

const foldedCharacters = 1200;
const foldedLines = 14;

/** What the person wrote, as they wrote it; a long text is folded. */
export function UserCard({ item }: { readonly item: ItemOf<'user'> }) {
  const unfolded = usePanel().cards.unfolded(item.key);
  const long = item.text.length > foldedCharacters || item.text.split('\n').length > foldedLines;
  const open = !long || unfolded.value === true;
  return (
    <article class="user-card" aria-label="You">
      <p class={open ? 'user-text' : 'user-text clamped'}>{item.text}</p>
      {item.images > 0 && (
        <p class="user-images">
          <Icon name="file" /> {item.images === 1 ? '1 image' : `${item.images} images`}
        </p>
      )}
      {long && (
        <button type="button" class="text-button" aria-expanded={open} onClick={() => (unfolded.value = !open)}>
          {open ? 'Show less' : 'Show all'}
        </button>
      )}
      <UserActions messageId={item.messageId} restorable={item.restorable === true} />
    </article>
  );
}
