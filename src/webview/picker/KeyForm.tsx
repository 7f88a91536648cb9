import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { VendorView } from '../../core/protocol/models';
import { hostOf } from '../text/hostOf';
import { visibleText } from '../text/visibleText';
import { Button } from '../ui/Button';
import { isComposing } from '../ui/isComposing';
import { Field } from '../ui/Field';
import { usePanel } from '../ui/panelContext';

interface FormProps {
  readonly vendor: VendorView;
  /** The key whose place it takes; then, and for a first key, it is what the person came for. */
  readonly replaced: string | undefined;
}

/** A new key. Its text stands in the field alone, in no state of ours, and is gone from there as soon as it is posted. */
export function KeyForm({ vendor, replaced }: FormProps) {
  const { picker } = usePanel();
  const field = useRef<HTMLInputElement>(null);
  const filled = useSignal(false);
  const name = useSignal('');
  const isFirst = vendor.keys.length === 0;
  useLayoutEffect(() => {
    if (isFirst || replaced !== undefined) field.current?.focus();
  }, []);
  const named = name.value.trim() || (replaced ?? freeName(vendor));
  const save = (): void => {
    const key = field.current?.value.trim() ?? '';
    if (field.current) field.current.value = '';
    filled.value = false;
    name.value = '';
    if (key !== '') picker.setKey(vendor.id, named, key);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || isComposing(event)) return;
    event.preventDefault();
    save();
  };
  return (
    <section class="vendor-part" aria-label="New key">
      <Field label={isFirst || replaced === undefined ? 'API key' : 'New API key'}>
        <input
          ref={field}
          {...{ type: 'password', maxLength: 10_000, spellcheck: false, autocomplete: 'off' }}
          placeholder="Paste it here"
          onInput={(event) => (filled.value = event.currentTarget.value.trim() !== '')}
          onKeyDown={onKeyDown}
        />
      </Field>
      {!isFirst && (
        <Field label="Name">
          <input
            {...{ type: 'text', maxLength: 100, spellcheck: false, autocomplete: 'off' }}
            value={name.value}
            placeholder={replaced ?? freeName(vendor)}
            onInput={(event) => (name.value = event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
        </Field>
      )}
      <Note vendor={vendor} named={named} />
      <div class="actions form-actions">
        <Button
          appearance={isFirst || replaced !== undefined ? 'primary' : 'secondary'}
          disabled={!filled.value}
          onClick={save}
        >
          Save key
        </Button>
        {vendor.keyUrl !== undefined && <a href={vendor.keyUrl}>Get a key</a>}
      </div>
    </section>
  );
}

/** What happens to the key. */
function Note({ vendor, named }: { readonly vendor: VendorView; readonly named: string }) {
  const { baseUrl, label, keys } = vendor;
  return (
    <p class="fine-print">
      Kept in VS Code’s secret storage, sent only to <b>{baseUrl === undefined ? label : hostOf(baseUrl)}</b>.
      {keys.some((key) => key.name === named) && ` It takes the place of the key “${visibleText(named)}”.`}
    </p>
  );
}

/** "default" for the first key, then "key 2" and so on. */
function freeName({ keys }: VendorView): string {
  if (keys.length === 0) return 'default';
  for (let number = keys.length + 1; ; number++)
    if (keys.every((key) => key.name !== `key ${number}`)) return `key ${number}`;
}
