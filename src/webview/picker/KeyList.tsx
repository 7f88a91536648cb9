import { useSignal } from '@preact/signals';
import type { KeyView, VendorView } from '../../core/protocol/models';
import { visibleText } from '../text/visibleText';
import { IconButton } from '../ui/Button';
import { Confirm } from '../ui/Confirm';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';

/** The keys that there are: which one is used, using another, removing one. */
export function KeyList({ vendor }: { readonly vendor: VendorView }) {
  return (
    <section class="vendor-part" aria-label="Keys">
      <h3>{vendor.keys.length === 1 ? 'Key' : 'Keys'}</h3>
      <ul class="keys">
        {vendor.keys.map((key) => (
          <li key={key.name}>
            <Key vendor={vendor} keyView={key} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Key({ vendor, keyView: { name, hint, current } }: { readonly vendor: VendorView; readonly keyView: KeyView }) {
  const { post } = usePanel();
  const removing = useSignal(false);
  const shown = visibleText(name);
  if (removing.value)
    return (
      <Confirm
        text={`Remove the key “${shown}”? It is deleted from VS Code’s secret storage.`}
        yes="Remove"
        onYes={() => post({ type: 'key.remove', vendor: vendor.id, name })}
        onNo={() => (removing.value = false)}
      />
    );
  return (
    <div class="key">
      <Icon name={current ? 'check' : 'key'} />
      <span class="key-name">{shown}</span>
      <span class="key-hint">…{hint}</span>
      {current ? (
        vendor.keys.length > 1 && <span class="key-state">In use</span>
      ) : (
        <button
          type="button"
          class="text-button"
          aria-label={`Use the key ${shown}`}
          onClick={() => post({ type: 'key.use', vendor: vendor.id, name })}
        >
          Use
        </button>
      )}
      <IconButton icon="trash" label={`Remove the key ${shown}`} onClick={() => (removing.value = true)} />
    </div>
  );
}
