import { strict as assert } from 'node:assert';
import { webviewPolicy } from '../../src/extension/webviewPolicy';
import { linkTarget } from '../../src/webview/text/linkTarget';

/** What becomes of them in a browser: test/look/hostileText.test.ts. */
describe('attack: markdown exfiltration', () => {
  it('opens no address but web pages and files', () => {
    for (const href of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      ' \u0001javascript:alert(1)',
      'java\nscript:alert(1)',
      'java\tscript:alert(1)',
      'javascript&colon;alert(1)'.replace('&colon;', ':'),
      'data:text/html,<script>1</script>',
      'vbscript:x',
      'command:workbench.action.terminal.new',
      'COMMAND:x',
      'vscode:extension/x',
      'vscode-insiders://x',
      'vscode-webview://x/y',
      'vscode-resource:/etc/passwd',
      'blob:https://x/y',
      'file:///etc/passwd',
      'ftp://x/y',
      '//evil.example/x',
      '\\\\evil.example\\share',
      '/\\evil.example',
      '%5C%5Cevil.example%5Cshare',
      './//evil.example',
      '\t//evil.example',
    ]) {
      const target = linkTarget(href);
      assert.notEqual(target?.kind, 'web', href);
      if (target?.kind === 'file') assert.doesNotMatch(target.path, /^\s*[a-z][a-z0-9+.-]+:|^[\\/]{2}/i, href);
    }
  });

  it('is kept in by the policy: nothing from elsewhere, no script without the nonce', () => {
    const policy = new Map(
      webviewPolicy('https://own.example', 'N')
        .split('; ')
        .map((part): [string, readonly string[]] => {
          const [name = '', ...sources] = part.split(' ');
          return [name, sources];
        }),
    );
    assert.deepEqual(policy.get('default-src'), ["'none'"]);
    assert.deepEqual(policy.get('script-src'), ["'nonce-N'"]);
    assert.deepEqual(policy.get('img-src'), ['https://own.example', 'data:']);
    assert.deepEqual(policy.get('form-action'), ["'none'"]);
    assert.deepEqual(policy.get('base-uri'), ["'none'"]);
    for (const name of ['connect-src', 'frame-src', 'object-src', 'worker-src', 'media-src'])
      assert.equal(policy.has(name), false, `${name} falls back to nothing`);
    const all = [...policy.values()].flat();
    assert.ok(!all.some((source) => ["'unsafe-inline'", "'unsafe-eval'", '*', 'https:', 'http:'].includes(source)));
  });
});
