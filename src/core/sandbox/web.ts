/** Reading the internet: http and https only, no address of this machine or a private network, 5 MB and 30 s at most. */
export interface Web {
  /**
   * What would be fetched, before anybody is asked: the URL in its plain form (host in ASCII, no fragment), and its host with a
   * port that is not the usual one; before http hosts stands `http://`.
   * @throws ToolError 'invalid_arguments' as `fetch`; asks nothing of the network.
   */
  check(url: string): { readonly url: string; readonly host: string };
  /**
   * Follows redirects within the URL's own host only.
   * @param goesOn a page that was fetched minutes ago is gone on with: its text may come again, as it was. Default false.
   * @throws ToolError 'invalid_arguments' for another scheme or a private address, 'redirected' naming the other host, 'binary' for what is no text, 'timeout', 'failed' when nothing readable came.
   */
  fetch(url: string, signal: AbortSignal, goesOn?: boolean): Promise<FetchedPage>;
}

/** A page as it came, before anything is made of it. */
export interface FetchedPage {
  /** Where it came from in the end, after redirects within the allowed host. */
  readonly url: string;
  readonly status: number;
  readonly contentType: string;
  /** Readable text: HTML as plain text with its links, JSON and text as they are. */
  readonly text: string;
  /** Its end is missing: the page has more than 5 MB, or as text more than 2 MB. */
  readonly truncated: boolean;
}
