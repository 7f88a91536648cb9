import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * Whether an IP address can belong to anybody on the internet, and not to this machine, its network or nobody. What is not
 * known to be public is not. Source: IANA's registries of special-purpose addresses.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !privateIPv4.check(address, 'ipv4');
  if (!isIPv6(address) || address.includes('%')) return false;
  // Networks without IPv4 spell its addresses like this: the last 32 bits are the address that is meant.
  if (translated.check(address, 'ipv6')) return isPublicAddress(lastFour(address));
  return globalIPv6.check(address, 'ipv6') && !privateIPv6.check(address, 'ipv6');
}

const privateIPv4 = blockList('ipv4', [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
]);
const globalIPv6 = blockList('ipv6', ['2000::/3']);
/** Tunnels among them: where those lead is anybody's guess. */
const privateIPv6 = blockList('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);
const translated = blockList('ipv6', ['64:ff9b::/96']);

function blockList(family: 'ipv4' | 'ipv6', subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [address = '', bits = ''] = subnet.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** The last 32 bits, as the URL class spells them (`64:ff9b::7f00:1`). */
function lastFour(address: string): string {
  const { hostname } = new URL(`http://[${address}]/`);
  const [high = '0', low = '0'] = hostname.slice(1, -1).split(':').slice(-2);
  const words = [high, low].map((word) => Number.parseInt(word === '' ? '0' : word, 16));
  return words.flatMap((word) => [word >> 8, word & 0xff]).join('.');
}
