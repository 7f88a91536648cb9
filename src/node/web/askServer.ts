import { lookup as resolveName, type LookupAddress } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type ToolError } from '../../core/errors';
import { privateAddress, type AddressRule } from './webAddress';

const headers = {
  'user-agent': 'Countersign (coding agent; fetches a page at the request of its user)',
  accept:
    'text/html, application/xhtml+xml, text/markdown, text/plain, application/json, application/xml;q=0.9, text/*;q=0.8',
  'accept-encoding': 'gzip, deflate, br',
} as const;

/**
 * Sends one GET request: no cookies, no referrer, a connection of its own. The name is resolved, checked and connected to in
 * one go, so that a name server cannot answer differently in between. The caller destroys the answer.
 * @throws ToolError 'invalid_arguments' where a name leads to a forbidden address; the system's error; the signal's reason.
 */
export function askServer(url: URL, isAllowed: AddressRule, signal: AbortSignal): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'https:' ? https : http;
    const call = request(url, {
      ...{ method: 'GET', headers, agent: false, signal, maxHeaderSize: 32_768 },
      lookup: checkedLookup(isAllowed),
    });
    call.on('error', reject);
    call.on('response', resolve);
    call.end();
  });
}

/** Every address that a name has must be allowed: one forbidden among them is no accident. */
function checkedLookup(isAllowed: AddressRule): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      const failure = error ?? forbidden(hostname, addresses, isAllowed);
      const [first] = addresses;
      if (failure || !first) callback(failure ?? new Error(`${hostname} has no address`), '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * Refuses names that lead to a forbidden address. Behind a proxy nobody else would look: there the proxy resolves names. One
 * that cannot be resolved here is left to the request.
 */
export async function checkName(url: URL, isAllowed: AddressRule, signal: AbortSignal): Promise<void> {
  const { hostname } = url;
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return;
  const addresses = await new Promise<readonly LookupAddress[]>((resolve) => {
    // A question to a name server cannot be taken back, only left behind.
    signal.addEventListener('abort', () => resolve([]), { once: true });
    resolveName(hostname, { all: true }, (error, found) => resolve(error ? [] : found));
  });
  signal.throwIfAborted();
  const failure = forbidden(url.host, addresses, isAllowed);
  if (failure) throw failure;
}

function forbidden(host: string, addresses: readonly LookupAddress[], isAllowed: AddressRule): ToolError | undefined {
  const bad = addresses.find(({ address }) => !isAllowed(address));
  return bad && privateAddress(host, bad.address);
}
