import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { VendorView } from '../../core/protocol/models';
import type { PickerPlace } from '../models/modelPicker';
import { hostOf } from '../text/hostOf';
import { AddressForm } from './AddressForm';
import { ConnectionCheck } from './ConnectionCheck';
import { KeyForm } from './KeyForm';
import { KeyList } from './KeyList';
import { ListState } from './ListState';

interface PageProps {
  readonly vendor: VendorView;
  readonly place: Extract<PickerPlace, { kind: 'vendor' }>;
}

/** One vendor: its address, its keys, a test, and what it lists. In the order in which it is set up. */
export function VendorPage({ vendor, place }: PageProps) {
  const page = useRef<HTMLDivElement>(null);
  useTestNext(page, vendor.keys.length);
  const addressFirst = vendor.kind === 'custom' || vendor.kind === 'local';
  const hasAddress = vendor.kind !== 'custom' || vendor.baseUrl !== undefined;
  return (
    <div class="fill vendor-page" ref={page}>
      {vendor.kind === 'editor' && (
        <p class="fine-print vendor-part">
          Models that VS Code offers, with the access that you have there. VS Code asks you before the first use.
        </p>
      )}
      {addressFirst && <AddressForm vendor={vendor} focused={!hasAddress} />}
      {hasAddress && <Keys vendor={vendor} changeKey={place.changeKey === true} />}
      {hasAddress && (vendor.ready || vendor.keys.length > 0) && (
        <ConnectionCheck vendor={vendor} wanted={place.wanted} />
      )}
      {!addressFirst && vendor.baseUrl !== undefined && (
        <details class="vendor-fold">
          <summary>Address: {hostOf(vendor.baseUrl)}</summary>
          <AddressForm vendor={vendor} focused={false} />
        </details>
      )}
      {hasAddress && <ListState vendor={vendor} />}
    </div>
  );
}

/** The first key is asked for at once; another one, and one for a server that may not need any, behind a fold. */
function Keys({ vendor, changeKey }: { readonly vendor: VendorView; readonly changeKey: boolean }) {
  const { keys, kind, needsKey } = vendor;
  const current = keys.find((key) => key.current);
  if (kind === 'editor') return null;
  const isElsewhere = current?.givenFor !== undefined;
  if ((needsKey && (keys.length === 0 || isElsewhere)) || (changeKey && current))
    return (
      <>
        {(keys.length > 1 || isElsewhere) && <KeyList vendor={vendor} />}
        <KeyForm key={keys.length} vendor={vendor} replaced={isElsewhere ? undefined : current?.name} />
      </>
    );
  return (
    <>
      {keys.length > 0 && <KeyList vendor={vendor} />}
      <details class="vendor-fold" key={keys.length}>
        <summary>{keys.length === 0 ? 'Add a key, if it needs one' : 'Add another key'}</summary>
        <KeyForm vendor={vendor} replaced={undefined} />
      </details>
    </>
  );
}

/** When a key was added, the next step is the test. */
function useTestNext(page: RefObject<HTMLElement | null>, keys: number): void {
  const before = useRef(keys);
  useEffect(() => {
    const added = keys > before.current;
    before.current = keys;
    if (!added) return;
    // The button may not have drawn itself yet, so that it cannot have the focus.
    const frame = requestAnimationFrame(() =>
      page.current?.querySelector<HTMLElement>('.vendor-test vscode-button')?.focus(),
    );
    return () => cancelAnimationFrame(frame);
  }, [keys, page]);
}
