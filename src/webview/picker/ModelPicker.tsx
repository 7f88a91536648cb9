import type { AppView } from '../../core/protocol/view';
import { IconButton } from '../ui/Button';
import { isComposing } from '../ui/isComposing';
import { usePanel } from '../ui/panelContext';
import { ModelList } from './ModelList';
import { VendorPage } from './VendorPage';

/** Choosing a model and setting up who serves it, in the place of the conversation while it is open. */
export function ModelPicker({ app }: { readonly app: AppView }) {
  const { picker } = usePanel();
  const place = picker.place.value;
  const vendor = picker.vendor.value;
  const back = place.kind === 'vendor' ? picker.showModels : undefined;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || isComposing(event)) return;
    event.preventDefault();
    (back ?? picker.close)();
  };
  return (
    <section id="model-picker" class="page" aria-label="Models" onKeyDown={onKeyDown}>
      <div class="page-head">
        {back && <IconButton icon="back" label="Back to all models" onClick={back} />}
        <h2>{place.kind === 'vendor' ? (vendor?.label ?? '') : app.model ? 'Models' : 'Choose a model'}</h2>
        <IconButton icon="close" label="Close" onClick={picker.close} />
      </div>
      {vendor && place.kind === 'vendor' ? (
        <VendorPage key={vendor.id} vendor={vendor} wanted={place.wanted} />
      ) : (
        <ModelList app={app} />
      )}
    </section>
  );
}
