import type { VendorView } from '../../core/protocol/models';
import { counted } from '../text/numbers';
import { IconButton } from '../ui/Button';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';

/** What is known of a vendor's models, and asking its endpoint for them. */
export function ListState({ vendor }: { readonly vendor: VendorView }) {
  const { post } = usePanel();
  const { list, models, label } = vendor;
  const asking = list === 'asking';
  const failed = typeof list === 'object';
  return (
    <section class="vendor-part" aria-label="List of models">
      <div class={failed ? 'list-state notice warn' : 'list-state'}>
        {failed && <Icon name="alert" />}
        <p>
          {failed && <strong>{list.problem} </strong>}
          {failed ? list.advice : asking ? `Asking ${label} for its models…` : listText(vendor)}
        </p>
        <IconButton
          icon="refresh"
          label={vendor.kind === 'local' ? 'Look again' : 'Ask for the list again'}
          disabled={asking}
          onClick={() => post({ type: 'models.list', vendor: vendor.id })}
        />
      </div>
      {failed && models.length > 0 && (
        <p class="fine-print">{counted(models.length, 'model is', 'models are')} known without it.</p>
      )}
    </section>
  );
}

function listText({ kind, found, list, label, models }: VendorView): string {
  if (kind === 'local' && found === false) return `Not running. Start ${label}, then look again.`;
  const count = counted(models.length, 'model', 'models');
  if (list !== 'listed' && models.length === 0) return `${label} has not been asked for its models.`;
  return list === 'listed' ? `${count}, as listed by ${label}.` : `${count} known to Countersign.`;
}
