import type { PickerEntry } from '../models/modelEntries';
import { RowList } from '../ui/RowList';
import { ModelRow } from './ModelRow';
import { VendorRow } from './VendorRow';

interface RowsProps {
  readonly entries: readonly PickerEntry[];
  readonly onChoose: (entry: PickerEntry) => void;
  readonly focusField: () => void;
}
const rowHeight = 42;

/** Models and vendors. */
export function ModelRows({ entries, onChoose, focusField }: RowsProps) {
  return (
    <RowList label="Models" lines={entries} rowHeight={rowHeight} focusField={focusField}>
      {(entry, reached) => <Row entry={entry} reached={reached} onChoose={() => onChoose(entry)} />}
    </RowList>
  );
}

interface RowProps {
  readonly entry: Exclude<PickerEntry, { kind: 'heading' }>;
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
