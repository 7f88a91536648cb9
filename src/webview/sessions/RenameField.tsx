import { useLayoutEffect, useRef } from 'preact/hooks';
import type { SessionRow } from '../../core/protocol/view';
import { IconButton } from '../ui/Button';
import { isComposing } from '../ui/isComposing';
import { usePanel } from '../ui/panelContext';

/** The title of a row while it is written anew. Enter saves, Escape leaves it as it was. */
export function RenameField({ row }: { readonly row: SessionRow }) {
  const { renaming, rename } = usePanel().sessionSearch;
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
    // A long title is seen from its beginning.
    field.current?.scrollTo(0, 0);
  }, []);
  const written = renaming.value?.title ?? row.title;
  const save = (): void => rename(row.sessionId, written);
  const cancel = (): void => {
    renaming.value = undefined;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // The arrows move in the text and Escape ends the writing, not the list.
    event.stopPropagation();
    if (isComposing(event)) return;
    if (event.key === 'Enter' && event.target === field.current) save();
    else if (event.key === 'Escape') cancel();
    else return;
    // Or the same key press would open the session: its button has the focus now.
    event.preventDefault();
  };
  return (
    <div class="rename" onKeyDown={onKeyDown}>
      <input
        ref={field}
        type="text"
        class="rename-field"
        data-part="title"
        value={written}
        maxLength={200}
        aria-label={`New title for ${row.title}`}
        onInput={(event) => (renaming.value = { sessionId: row.sessionId, title: event.currentTarget.value })}
      />
      <IconButton icon="check" label="Save the title (Enter)" part="save" onClick={save} />
      <IconButton icon="close" label="Keep the old title (Escape)" part="cancel" onClick={cancel} />
    </div>
  );
}
