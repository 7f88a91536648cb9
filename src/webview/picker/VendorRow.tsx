import type { PickerEntry } from '../models/modelEntries';
import { vendorState } from '../text/vendorState';
import { Icon } from '../ui/icons';

interface RowProps {
  readonly entry: Extract<PickerEntry, { kind: 'vendor' }>;
  readonly tabIndex: number;
  readonly onChoose: () => void;
}

/** Who serves models: the heading of its group, and the way to its keys and its address. */
export function VendorRow({ entry: { key, vendor }, tabIndex, onChoose }: RowProps) {
  const { text, icon, todo } = vendorState(vendor);
  return (
    <div class={`session-row vendor-row ${vendor.ready ? 'ready' : ''}`} data-row={key}>
      <button type="button" class="vendor" data-part="open" tabIndex={tabIndex} onClick={onChoose}>
        <span class="vendor-name">{vendor.label}</span>
        <span class={`vendor-state ${todo ? 'todo' : ''}`}>
          {icon && <Icon name={icon} />}
          {text}
          <span class="visually-hidden">{vendor.ready ? ' Keys and address' : ''}</span>
        </span>
        <Icon name="chevronRight" />
      </button>
      {typeof vendor.list === 'object' && (
        <p class="vendor-problem">
          {vendor.list.problem} {vendor.list.advice}
        </p>
      )}
    </div>
  );
}
