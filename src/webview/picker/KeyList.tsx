import { useSignal } from '@preact/signals';
import type { KeyView, VendorView } from '../../core/protocol/models';
import { hostOf } from '../text/hostOf';
import { visibleText } from '../text/visibleText';
import { IconButton } from '../ui/Button';
import { Confirm } from '../ui/Confirm';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';

/** The keys that there are: which one is used, using another, removing one. */
export function KeyList({ vendor }: { readonly vendor: VendorView }) {
  const { keys, baseUrl, label } = vendor;
  const current = keys.find((key) => key.current);
  return (
    <section class="vendor-part" aria-label="Keys">
      <h3>{keys.length === 1 ? 'Key' : 'Keys'}</h3>
      {!current && <p class="fine-print">None of them is used. Choose the one that is.</p>}
      {current?.givenFor !== undefined && (
        <p class="fine-print">
          The key “{visibleText(current.name)}” was given for <b>{current.givenFor}</b>. Give one for{' '}
          <b>{baseUrl === undefined ? label : hostOf(baseUrl)}</b>, or send this one there too.
        </p>
      )}
      <ul class="keys">
        {keys.map((key) => (
          <li key={key.name}>
            <Key vendor={vendor} keyView={key} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Key({ vendor, keyView }: { readonly vendor: VendorView; readonly keyView: KeyView }) {
  const { name, hint, current, givenFor } = keyView;
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
      <span class="key-hint">{hint !== '' && `…${hint}`}</span>
      {current && givenFor === undefined ? (
        vendor.keys.length > 1 && <span class="key-state">In use</span>
      ) : (
        <button
          type="button"
          class="text-button"
          aria-label={givenFor === undefined ? `Use the key ${shown}` : `Send the key ${shown} there too`}
          title={givenFor === undefined ? undefined : `Given for ${givenFor}`}
          onClick={() => post({ type: 'key.use', vendor: vendor.id, name })}
        >
          {givenFor === undefined ? 'Use' : 'Send there too'}
        </button>
      )}
      <IconButton icon="trash" label={`Remove the key ${shown}`} onClick={() => (removing.value = true)} />
    </div>
  );
}
