import { useMemo, useRef } from 'preact/hooks';
import { Virtualizer } from 'virtua';
import type { PickerEntry } from '../models/modelEntries';
import { isWriting, rowTarget } from '../ui/rowTarget';
import { useRowFocus } from '../ui/useRowFocus';
import { ModelRow } from './ModelRow';
import { VendorRow } from './VendorRow';

interface RowsProps {
  readonly entries: readonly PickerEntry[];
  readonly onChoose: (entry: PickerEntry) => void;
  readonly focusField: () => void;
}
const rowHeight = 42;

/** Models and vendors in a virtual list. The arrow keys, Home and End move between rows; a letter goes on writing in the field. */
export function ModelRows({ entries, onChoose, focusField }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const ids = useMemo(() => entries.flatMap(({ kind, key }) => (kind === 'heading' ? [] : [key])), [entries]);
  const { reached, goTo, events } = useRowFocus(scroller, ids, focusField);
  const tabStop = reached.value !== undefined && ids.includes(reached.value) ? reached.value : ids[0];
  const kept = entries.flatMap(({ key }, index) => (key === tabStop ? [index] : []));
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = rowTarget(event, ids, tabStop);
    if (target === 'field' || isWriting(event)) focusField();
    else if (target) goTo(target.row);
    if (target !== undefined) event.preventDefault();
    if (typeof target === 'object' && target.row === ids[0]) scroller.current?.scrollTo(0, 0);
  };
  return (
    <div ref={scroller} class="session-rows" role="list" aria-label="Models" onKeyDown={onKeyDown} {...events}>
      <Virtualizer scrollRef={scroller} data={entries} itemSize={rowHeight} keepMounted={kept}>
        {(entry) =>
          entry.kind === 'heading' ? (
            <div key={entry.key} class="session-heading" role="presentation">
              {entry.title}
            </div>
          ) : (
            <div key={entry.key} role="listitem" aria-setsize={ids.length} aria-posinset={ids.indexOf(entry.key) + 1}>
              <Row entry={entry} reached={entry.key === tabStop} onChoose={() => onChoose(entry)} />
            </div>
          )
        }
      </Virtualizer>
    </div>
  );
}

interface RowProps {
  readonly entry: Exclude<PickerEntry, { kind: 'heading' }>;
  /** Whether Tab leads here: of all rows only one is in the Tab order, the arrow keys reach the others. */
  readonly reached: boolean;
  readonly onChoose: () => void;
}

function Row({ entry, reached, onChoose }: RowProps) {
  const tabIndex = reached ? 0 : -1;
  if (entry.kind === 'model') return <ModelRow entry={entry} tabIndex={tabIndex} onChoose={onChoose} />;
  if (entry.kind === 'vendor') return <VendorRow entry={entry} tabIndex={tabIndex} onChoose={onChoose} />;
  return (
    <div class="session-row more-models" data-row={entry.key}>
      <button type="button" class="text-button" data-part="open" tabIndex={tabIndex} onClick={onChoose}>
        All {entry.vendor.models.length.toLocaleString()} models
        <span class="visually-hidden"> of {entry.vendor.label}</span>
      </button>
    </div>
  );
}
