import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { VendorView } from '../../core/protocol/models';
import { hostOf } from '../text/hostOf';
import { Button } from '../ui/Button';
import { isComposing } from '../ui/isComposing';
import { usePanel } from '../ui/panelContext';

/** A new key. Its text stands in the field alone, in no state of ours, and is gone from there as soon as it is posted. */
export function KeyForm({ vendor }: { readonly vendor: VendorView }) {
  const { picker } = usePanel();
  const field = useRef<HTMLInputElement>(null);
  const filled = useSignal(false);
  const name = useSignal('');
  const isFirst = vendor.keys.length === 0;
  useLayoutEffect(() => {
    if (isFirst) field.current?.focus();
  }, []);
  const named = name.value.trim() || freeName(vendor);
  const replaces = vendor.keys.some((key) => key.name === named);
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
  const where = vendor.baseUrl === undefined ? vendor.label : hostOf(vendor.baseUrl);
  return (
    <section class="vendor-part" aria-label="New key">
      <label class="field">
        <span>{isFirst ? 'API key' : 'Another API key'}</span>
        <input
          ref={field}
          type="password"
          maxLength={10_000}
          spellcheck={false}
          autocomplete="off"
          placeholder="Paste it here"
          onInput={(event) => (filled.value = event.currentTarget.value.trim() !== '')}
          onKeyDown={onKeyDown}
        />
      </label>
      {!isFirst && (
        <label class="field">
          <span>Name</span>
          <input
            type="text"
            value={name.value}
            maxLength={100}
            spellcheck={false}
            autocomplete="off"
            placeholder={freeName(vendor)}
            onInput={(event) => (name.value = event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
        </label>
      )}
      <p class="fine-print">
        Kept in VS Code’s secret storage, sent only to <b>{where}</b>.
        {replaces && ` It takes the place of the key “${named}”.`}
      </p>
      <div class="actions form-actions">
        <Button appearance={isFirst ? 'primary' : 'secondary'} disabled={!filled.value} onClick={save}>
          Save key
        </Button>
        {vendor.keyUrl !== undefined && <a href={vendor.keyUrl}>Get a key</a>}
      </div>
    </section>
  );
}

/** "default" for the first key, then "key 2" and so on. */
function freeName({ keys }: VendorView): string {
  if (keys.length === 0) return 'default';
  for (let number = keys.length + 1; ; number++)
    if (keys.every((key) => key.name !== `key ${number}`)) return `key ${number}`;
}
