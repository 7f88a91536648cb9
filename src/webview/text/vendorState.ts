import type { VendorView } from '../../core/protocol/models';
import type { IconName } from '../ui/icons';

/** What is to know or to do about a vendor, in a word. */
export interface VendorState {
  readonly text: string;
  readonly icon?: IconName;
  /** Whether the user has something to do before its models can be used. */
  readonly todo: boolean;
}

export function vendorState(vendor: VendorView): VendorState {
  if (vendor.kind === 'custom' && vendor.baseUrl === undefined) return { text: 'Set address', todo: true };
  if (vendor.needsKey && vendor.keys.length === 0) return { text: 'Add key', icon: 'key', todo: true };
  if (vendor.kind === 'local') return localState(vendor);
  if (typeof vendor.list === 'object') return { text: 'No list', icon: 'alert', todo: true };
  if (vendor.list === 'asking') return { text: 'Listing…', todo: false };
  if (vendor.ready) return { text: vendor.keys.length > 1 ? `${vendor.keys.length} keys` : '', todo: false };
  return { text: vendor.kind === 'editor' ? 'None here' : 'Set up', todo: true };
}

function localState({ found, list, ready }: VendorView): VendorState {
  if (list === 'asking') return { text: 'Looking…', todo: false };
  if (found === undefined) return { text: ready ? '' : 'Not looked for', todo: !ready };
  return found ? { text: 'Found', icon: 'check', todo: false } : { text: 'Not running', todo: true };
}
