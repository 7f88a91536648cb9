import { useLayoutEffect, useRef } from 'preact/hooks';
import type { AppView } from '../../core/protocol/view';
import { IconButton } from '../ui/Button';
import { isComposing } from '../ui/isComposing';
import { usePanel } from '../ui/panelContext';
import { ModelList } from './ModelList';
import { VendorPage } from './VendorPage';

/** Choosing a model and setting up who serves it, in the place of the conversation while it is open. */
export function ModelPicker({ app }: { readonly app: AppView }) {
  const { picker } = usePanel();
  const backButton = useRef<HTMLButtonElement>(null);
  const place = picker.place.value;
  const vendor = picker.vendor.value;
  const back = place.kind === 'vendor' ? picker.showModels : undefined;
  useLayoutEffect(() => {
    // The row that led here is gone; a field that is to be filled in has taken the focus already.
    if (document.activeElement === document.body) backButton.current?.focus();
  }, [vendor === undefined]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || isComposing(event)) return;
    event.preventDefault();
    (back ?? picker.close)();
  };
  return (
    <section id="model-picker" class="page" aria-label="Models" onKeyDown={onKeyDown}>
      <div class="page-head">
        {back && <IconButton icon="back" label="Back to all models" buttonRef={backButton} onClick={back} />}
        <h2>{place.kind === 'vendor' ? (vendor?.label ?? '') : app.model ? 'Models' : 'Choose a model'}</h2>
        <IconButton icon="close" label="Close" onClick={picker.close} />
      </div>
      {vendor && place.kind === 'vendor' ? (
        <VendorPage key={vendor.id} vendor={vendor} place={place} />
      ) : (
        <ModelList app={app} />
      )}
    </section>
  );
}
