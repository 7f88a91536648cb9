import type { VendorView } from '../../core/protocol/models';
import { AddressForm } from './AddressForm';
import { ConnectionCheck } from './ConnectionCheck';
import { KeyForm } from './KeyForm';
import { KeyList } from './KeyList';
import { ListState } from './ListState';

interface PageProps {
  readonly vendor: VendorView;
  /** The model for which it is being set up. */
  readonly wanted: string | undefined;
}

/** One vendor: its address, its keys, a test, and what it lists. In the order in which it is set up. */
export function VendorPage({ vendor, wanted }: PageProps) {
  const addressFirst = vendor.kind === 'custom' || vendor.kind === 'local';
  const takesKey = vendor.needsKey || vendor.kind === 'custom' || vendor.keys.length > 0;
  const hasAddress = vendor.kind !== 'custom' || vendor.baseUrl !== undefined;
  return (
    <div class="fill vendor-page">
      {vendor.kind === 'editor' && (
        <p class="fine-print">
          Models that VS Code itself offers, with the access you have there. VS Code asks you before the first use.
        </p>
      )}
      {addressFirst && <AddressForm vendor={vendor} focused={!hasAddress} />}
      {takesKey && hasAddress && (
        <>
          {vendor.keys.length > 0 && <KeyList vendor={vendor} />}
          <KeyForm vendor={vendor} />
        </>
      )}
      {hasAddress && (vendor.ready || vendor.keys.length > 0) && <ConnectionCheck vendor={vendor} wanted={wanted} />}
      {!addressFirst && vendor.kind !== 'editor' && <AddressForm vendor={vendor} focused={false} />}
      <ListState vendor={vendor} />
    </div>
  );
}
