import type { Ref } from 'preact';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';

interface FieldProps {
  readonly fieldRef: Ref<HTMLInputElement>;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** What is searched for in titles and texts, and whether in all folders; below it a line that moves while answers come. */
export function SearchField({ fieldRef, onKeyDown }: FieldProps) {
  const { sessionSearch: search } = usePanel();
  return (
    <div class="session-search" role="search">
      <div class="search-box">
        <Icon name="search" />
        <input
          ref={fieldRef}
          type="search"
          value={search.query.value}
          maxLength={1000}
          spellcheck={false}
          autocomplete="off"
          aria-label="Search sessions"
          title="Searches titles and texts"
          placeholder="Search sessions"
          onInput={(event) => search.setQuery(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <label class="all-folders" title="Sessions of other folders too">
        <input
          type="checkbox"
          role="switch"
          checked={search.anyFolder.value}
          onChange={(event) => search.setAnyFolder(event.currentTarget.checked)}
        />
        All folders
      </label>
      <div class={`search-progress ${search.searching.value ? 'moving' : ''}`} aria-hidden="true" />
    </div>
  );
}
