import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { VendorView } from '../../core/protocol/models';
import { Button } from '../ui/Button';
import { isComposing } from '../ui/isComposing';
import { Field } from '../ui/Field';
import { usePanel } from '../ui/panelContext';

/** Where a vendor's requests go. Asked of who names the address themselves; of others behind a fold. */
export function AddressForm({ vendor, focused }: { readonly vendor: VendorView; readonly focused: boolean }) {
  const { post } = usePanel();
  const field = useRef<HTMLInputElement>(null);
  const written = useSignal<string | undefined>(undefined);
  useLayoutEffect(() => {
    if (focused) field.current?.focus();
  }, []);
  const address = (written.value ?? vendor.baseUrl ?? '').trim();
  const isNew = address !== (vendor.baseUrl ?? '');
  const problem = isNew && address !== '' && !isWebAddress(address);
  const mayBeEmpty = vendor.kind !== 'custom';
  const canSave = isNew && !problem && (address !== '' || mayBeEmpty);
  const save = (): void => {
    if (!canSave) return;
    post({ type: 'endpoint.set', vendor: vendor.id, baseUrl: address });
    written.value = undefined;
  };
  return (
    <section class="vendor-part" aria-label="Address">
      <Field label="Address">
        <input
          ref={field}
          type="url"
          value={written.value ?? vendor.baseUrl ?? ''}
          maxLength={2000}
          spellcheck={false}
          autocomplete="off"
          placeholder={vendor.id === 'azure' ? 'https://my-resource.openai.azure.com' : 'https://models.example.com/v1'}
          aria-describedby={`address-note-${vendor.id}`}
          aria-invalid={problem}
          onInput={(event) => (written.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !isComposing(event)) save();
          }}
        />
      </Field>
      <p id={`address-note-${vendor.id}`} class="fine-print">
        {problem ? 'An address begins with https:// or http://' : addressNote(vendor)}
      </p>
      {isNew && (
        <div class="actions">
          <Button disabled={!canSave} onClick={save}>
            Save address
          </Button>
        </div>
      )}
    </section>
  );
}

function addressNote({ id, kind, label }: VendorView): string {
  if (id === 'azure') return 'The address of your resource: https://<resource>.openai.azure.com';
  if (kind === 'custom') return 'Any server that speaks the OpenAI protocol; most addresses end with /v1.';
  return kind === 'local' ? `Where ${label} listens on this machine.` : `Empty: ${label}’s own address.`;
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
