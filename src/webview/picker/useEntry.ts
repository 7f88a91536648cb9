import type { ModelChoice, ModelRow, VendorView } from '../../core/protocol/models';
import type { AppView } from '../../core/protocol/view';
import { assertNever } from '../../core/util/assertNever';
import type { PickerEntry } from '../models/modelEntries';
import { usePanel } from '../ui/panelContext';

/** What choosing a row does: a model is used, or its vendor set up first; a vendor is shown, a long list unfolded. */
export function useEntry(app: AppView): (entry: PickerEntry) => void {
  const panel = usePanel();
  const { picker } = panel;
  return (entry) => {
    switch (entry.kind) {
      case 'model': {
        const { row, vendor } = entry;
        if (!vendor.ready) {
          picker.showVendor(vendor.id, row.model);
          return;
        }
        picker.use(choiceOf(row, app, vendor));
        // After the components: what lies under the page takes no focus while it is open.
        queueMicrotask(panel.focusComposer);
        break;
      }
      case 'vendor':
        picker.showVendor(entry.vendor.id);
        break;
      case 'more':
        picker.unfold(entry.vendor.id);
        break;
      case 'heading':
        break;
      default:
        assertNever(entry);
    }
  };
}

/** A model asked as much as the one before, where it knows of that, and with the session's own key of that vendor. */
export function choiceOf({ model, efforts = [] }: ModelRow, app: AppView, vendor: VendorView): ModelChoice {
  const effort = efforts.find((one) => one === app.model?.effort);
  const wanted = app.model?.vendor === vendor.id ? app.model.keyName : undefined;
  const keyName = vendor.keys.find((key) => key.name === wanted)?.name;
  return { vendor: vendor.id, model, ...(effort && { effort }), ...(keyName !== undefined && { keyName }) };
}
