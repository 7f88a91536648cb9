/**
 * The content security policy of the panel's page: scripts run by nonce only, nothing is loaded from elsewhere, nothing may
 * be framed or sent. @param source the place of the extension's own files
 */
export function webviewPolicy(source: string, nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    // The toolkit tries out a style element at its start; it takes the nonce from the page's csp-nonce element.
    `style-src ${source} 'nonce-${nonce}'`,
    `img-src ${source} data:`,
    `font-src ${source} data:`,
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
}
