import { isIP } from 'node:net';
import { ToolError } from '../../core/errors';
import { parseUrl } from './parseUrl';

/** Decides on IP addresses. */
export type AddressRule = (address: string) => boolean;

/** A URL that may be asked for, as far as it can be told from its text. */
export interface WebAddress {
  readonly url: URL;
  /** What a person allows: the host in ASCII, with its port where that is unusual, and with the scheme where it is not https. */
  readonly host: string;
}

const maxCharacters = 4_096;
/** Names that mean something of this machine or its network, or nothing at all. */
const privateEndings = new Set(
  'localhost local localdomain internal intranet private lan home corp arpa test example invalid onion alt'.split(' '),
);

/**
 * Reads a URL as the network will: odd spellings of addresses (decimal, octal, hex, with a dot at the end) are resolved first.
 * @throws ToolError 'invalid_arguments'.
 */
export function webAddress(text: string, isAllowed: AddressRule): WebAddress {
  const url = text.length <= maxCharacters ? parseUrl(text) : undefined;
  if (!url) throw refused(text, 'is not a URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused(text, 'is neither https nor http');
  if (url.username !== '' || url.password !== '') throw refused(url.host, 'holds a user name or a password');
  url.hash = '';
  const name = url.hostname.replace(/\.+$/, '');
  if (name === '') throw refused(text, 'names no host');
  // One name, one rule: whatever a person allows must not have a second spelling.
  if (name !== url.hostname) url.hostname = name;
  checkHost(url, name, isAllowed);
  checkPort(url);
  return { url, host: url.protocol === 'https:' ? url.host : `http://${url.host}` };
}

function checkHost(url: URL, name: string, isAllowed: AddressRule): void {
  const literal = name.startsWith('[') ? name.slice(1, -1) : name;
  if (isIP(literal) !== 0) {
    if (!isAllowed(literal)) throw privateAddress(url.host, literal);
    return;
  }
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (privateEndings.has(ending)) throw privateAddress(url.host, name);
  if (!name.includes('.')) throw privateAddress(url.host, name);
}

/** The lower ports belong to other services: mail servers and the like can be made to obey what looks like a page request. */
function checkPort({ port, host }: URL): void {
  if (port !== '' && port !== '80' && port !== '443' && Number(port) < 1_024)
    throw refused(host, `has the port ${port}, which is not for web pages`);
}

/** @param shown what of the URL may be repeated */
function refused(shown: string, why: string): ToolError {
  return new ToolError('invalid_arguments', `${JSON.stringify(shown.slice(0, 200))} ${why}.`, {
    advice: 'Give the https address of a page on the internet, without a login.',
  });
}

/** @param host as in the URL @param address what it leads to */
export function privateAddress(host: string, address: string): ToolError {
  const leads = host === address ? '' : ` (it leads to ${address})`;
  return new ToolError('invalid_arguments', `${JSON.stringify(host)} is no public address${leads}.`, {
    advice: 'Only pages on the internet are fetched. What runs on this machine can be asked with bash_run.',
  });
}
