import { useLayoutEffect } from 'preact/hooks';
import { usePanel } from '../ui/panelContext';

/** What stands in the place of rows: that there are none, and what may help. */
export function NothingFound({ query, focusField }: { readonly query: string; readonly focusField: () => void }) {
  const { sessionSearch: search } = usePanel();
  useLayoutEffect(() => {
    // The last row is gone, and the focus that was in it.
    if (document.activeElement === document.body) focusField();
  }, [focusField]);
  if (search.searching.value) return <p class="nothing-found">Searching…</p>;
  const here = search.anyFolder.value ? '' : ' in this folder';
  return (
    <div class="nothing-found">
      <p>{query === '' ? `There are no sessions${here} yet.` : `No session${here} holds “${query}”.`}</p>
      {!search.anyFolder.value && (
        <button
          type="button"
          class="text-button"
          onClick={() => {
            search.setAnyFolder(true);
            focusField();
          }}
        >
          Look in all folders
        </button>
      )}
    </div>
  );
}
