import type { Ref } from 'preact';
import { usePanel } from '../ui/panelContext';
import { SearchBox } from '../ui/SearchBox';

interface FieldProps {
  readonly fieldRef: Ref<HTMLInputElement>;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** What is searched for in titles and texts, and whether in all folders. */
export function SearchField({ fieldRef, onKeyDown }: FieldProps) {
  const { sessionSearch: search } = usePanel();
  return (
    <SearchBox
      label="Search sessions"
      title="Searches titles and texts"
      value={search.query.value}
      maxLength={1000}
      busy={search.searching.value}
      onInput={(query) => search.setQuery(query)}
      {...{ fieldRef, onKeyDown }}
    >
      <label class="all-folders" title="Sessions of other folders too">
        <input
          type="checkbox"
          role="switch"
          checked={search.anyFolder.value}
          onChange={(event) => search.setAnyFolder(event.currentTarget.checked)}
        />
        All folders
      </label>
    </SearchBox>
  );
}
