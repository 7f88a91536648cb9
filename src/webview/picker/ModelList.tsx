import { useLayoutEffect, useRef } from 'preact/hooks';
import type { AppView } from '../../core/protocol/view';
import type { PickerEntry } from '../models/modelEntries';
import { isComposing } from '../ui/isComposing';
import { usePanel } from '../ui/panelContext';
import { SearchBox } from '../ui/SearchBox';
import { ModelRows } from './ModelRows';
import { useEntry } from './useEntry';

/** All models to choose from: a search field, the rows, and whom the choice is for. */
export function ModelList({ app }: { readonly app: AppView }) {
  const { picker } = usePanel();
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const focusField = (): void => field.current?.focus();
  useLayoutEffect(focusField, []);
  const entries = picker.entries.value;
  const query = picker.query.value.trim();
  const choose = useEntry(app);
  const onFieldKey = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    const first = query === '' ? undefined : entries.find((entry) => entry.kind === 'model');
    if (event.key === 'ArrowDown') list.current?.querySelector<HTMLElement>('[data-part="open"]')?.focus();
    else if (event.key === 'Enter' && first) choose(first);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <SearchBox
        label="Search models"
        value={picker.query.value}
        maxLength={200}
        busy={picker.waiting.value}
        fieldRef={field}
        onInput={(text) => (picker.query.value = text)}
        onKeyDown={onFieldKey}
      />
      <div class="page-list" ref={list}>
        {entries.length === 0 ? (
          <NothingToChoose query={query} />
        ) : (
          <ModelRows key={query} entries={entries} onChoose={choose} focusField={focusField} />
        )}
      </div>
      {picker.canBeForOne.value && <AlsoNew entries={entries} />}
    </>
  );
}

function NothingToChoose({ query }: { readonly query: string }) {
  const { picker } = usePanel();
  if (picker.models.value) return <p class="nothing-found">No model is called “{query}”.</p>;
  return (
    <p class="nothing-found">
      {picker.waiting.value
        ? 'Looking for models…'
        : 'The list of models did not come. Close this page and open it again.'}
    </p>
  );
}

function AlsoNew({ entries }: { readonly entries: readonly PickerEntry[] }) {
  const { alsoNew } = usePanel().picker;
  if (entries.length === 0) return null;
  return (
    <footer class="session-footer">
      <label class="all-folders" title="Without it the choice is for this session alone">
        <input
          type="checkbox"
          role="switch"
          checked={alsoNew.value}
          onChange={(event) => (alsoNew.value = event.currentTarget.checked)}
        />
        Also for new sessions
      </label>
    </footer>
  );
}
