import type { IncomingMessage } from 'node:http';
import { isAgentError, ToolError } from '../../core/errors';
import type { FetchedPage, Web } from '../../core/sandbox/web';
import { askServer, checkName } from './askServer';
import { pageText } from './pageText';
import { parseUrl } from './parseUrl';
import { isPublicAddress } from './publicAddress';
import { readBody } from './readBody';
import { webAddress, type AddressRule, type WebAddress } from './webAddress';
import { errorText } from '../../core/util/errorText';

/** How pages are fetched. */
export interface LocalWebOptions {
  /** Which addresses may be connected to. Default: the public ones. */
  readonly isAllowedAddress?: AddressRule;
  /** Milliseconds for one page with its redirects. Default 30,000. */
  readonly timeLimitMs?: number;
}

const maxRedirects = 5;
const keptMs = 10 * 60_000;

/**
 * The internet as this machine reaches it. Opens nothing until a page is fetched, and nothing stays open after it; the last
 * page's text is kept for ten minutes.
 */
export class LocalWeb implements Web {
  readonly #isAllowed: AddressRule;
  readonly #timeLimitMs: number;
  #kept: { readonly asked: string; readonly page: FetchedPage; readonly at: number } | undefined;

  constructor({ isAllowedAddress = isPublicAddress, timeLimitMs = 30_000 }: LocalWebOptions = {}) {
    this.#isAllowed = isAllowedAddress;
    this.#timeLimitMs = timeLimitMs;
  }

  check(url: string): { readonly url: string; readonly host: string } {
    const address = webAddress(url, this.#isAllowed);
    return { url: address.url.href, host: address.host };
  }

  async fetch(url: string, signal: AbortSignal, goesOn = false): Promise<FetchedPage> {
    signal.throwIfAborted();
    const asked = this.check(url).url;
    const kept = this.#kept;
    if (goesOn && kept?.asked === asked && performance.now() - kept.at < keptMs) return kept.page;
    this.#kept = undefined;
    const page = await this.#fetch(asked, signal);
    this.#kept = { asked, page, at: performance.now() };
    return page;
  }

  async #fetch(url: string, signal: AbortSignal): Promise<FetchedPage> {
    const limit = AbortSignal.timeout(this.#timeLimitMs);
    let address = webAddress(url, this.#isAllowed);
    try {
      for (let redirects = 0; redirects <= maxRedirects; redirects++) {
        const both = AbortSignal.any([signal, limit]);
        await checkName(address.url, this.#isAllowed, both);
        const answer = await askServer(address.url, this.#isAllowed, both);
        try {
          const next = this.#redirectOf(answer, address);
          if (!next) return await read(answer, address.url, both);
          address = next;
        } finally {
          answer.destroy();
        }
      }
      throw new ToolError('failed', `${JSON.stringify(url)} redirects more than ${maxRedirects} times.`, {
        advice: 'Give another address of the page.',
      });
    } catch (error) {
      signal.throwIfAborted();
      if (isAgentError(error)) throw error;
      throw limit.aborted ? tookTooLong(address, this.#timeLimitMs, error) : unreachable(address, error);
    }
  }

  /** Undefined: it is no redirect. @throws ToolError 'redirected' for another host: a person allowed only this one. */
  #redirectOf({ statusCode = 0, headers }: IncomingMessage, from: WebAddress): WebAddress | undefined {
    if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return undefined;
    const target = parseUrl(headers.location, from.url);
    if (!target)
      throw new ToolError(
        'failed',
        `${from.url.href} redirects to ${JSON.stringify(headers.location.slice(0, 200))}.`,
        {
          advice: 'That is no address. Give another one of the page.',
        },
      );
    const next = webAddress(target.href, this.#isAllowed);
    // From http to https of the same name is no other place, only a safer way there.
    if (next.host === from.host || `http://${next.host}` === from.host) return next;
    throw new ToolError('redirected', `${from.url.href} redirects to another host: ${next.url.href}`, {
      advice: 'If that is what you want to read, fetch it by that address: the user is asked for its host.',
    });
  }
}

async function read(answer: IncomingMessage, url: URL, signal: AbortSignal): Promise<FetchedPage> {
  const contentType = answer.headers['content-type'] ?? '';
  const { bytes, truncated } = await readBody(answer, url, signal);
  const { text, truncated: isCut } = await pageText(bytes, contentType, url, signal);
  return { url: url.href, status: answer.statusCode ?? 0, contentType, text, truncated: truncated || isCut };
}

function tookTooLong({ url }: WebAddress, limitMs: number, cause: unknown): ToolError {
  return new ToolError('timeout', `${url.href} did not come within ${limitMs / 1_000} s.`, {
    ...{ advice: 'Try it again later, or read another page.', retryable: true, cause },
  });
}

function unreachable({ url }: WebAddress, cause: unknown): ToolError {
  const why = errorText(cause);
  return new ToolError('failed', `${url.href} could not be read: ${why}.`, {
    ...{ advice: 'Check the address.', retryable: true, cause },
  });
}
