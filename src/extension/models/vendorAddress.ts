import { modelVendors } from '../../node/models/modelVendors';

/** Where a vendor's requests go: the user's own address, else the vendor's; undefined while the user has to say it. */
export function vendorAddress(vendor: string, endpoint: string | undefined): string | undefined {
  return endpoint ?? modelVendors.find(({ id }) => id === vendor)?.defaultBaseUrl;
}

/** Scheme, host and port. Undefined for what is no address: nothing is sent there. */
export function originOf(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? new URL(address).origin : undefined;
}

/** For people: the host, with a port that is not the usual one. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}
