import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { htmlText } from '../../../src/node/web/htmlText';
import { neverAborted } from '../../support/refusal';

const base = new URL('https://example.org/docs/page');
const text = async (html: string): Promise<string> => (await htmlText(html, base, neverAborted)).text;

describe('the text of a page', () => {
  it('keeps headings, paragraphs, lists, tables, code and links', async () => {
    const page = `<!doctype html><html><head><title>A &amp; B</title><style>p{}</style></head><body>
      <script>if (a < b) alert("</p>")</script><h2>Use</h2><p>One   <b>bold</b>,
      <a href="../x?y=1&amp;z=2">a link</a>.<br>Next&nbsp;line</p>
      <ul><li>one<ul><li>deep</li></ul></li><li><code>npm i</code></li></ul>
      <pre><code>a\n  b &lt;c&gt;</code></pre><table><tr><th>k<th>v</tr><tr><td>1<td>2</table><img src=x alt="A cat"></body>`;
    assert.equal(
      await text(page),
      '# A & B\n\n## Use\n\nOne bold, [a link](https://example.org/x?y=1&z=2).\nNext line\n\n- one\n\n  - deep\n\n- `npm i`\n\n```\na\n  b <c>\n```\n\nk | v\n1 | 2\n\n[image: A cat]',
    );
  });

  it('keeps no scripts, and no links that do anything but lead to a page', async () => {
    const page =
      '<a href="javascript:alert(1)">x</a><a href="data:,y">y</a><a href="#top">z</a><svg><title>s</title></svg><SCRIPT>bad</ScRiPt >!';
    assert.equal(await text(page), 'xyz!');
    assert.equal(await text('<script>never closed <p>text'), '');
    assert.equal(await text('<!-- <p>a --><p>b<!-- open'), 'b');
    assert.equal(await text('1 < 2 && 3 > 2 <'), '1 < 2 && 3 > 2 <');
    assert.equal(await text('&#x41;&#66;&unknown;&#0;&#xd800;&#99999999;'), 'AB&unknown;\ufffd\ufffd&#99999999;');
  });

  it('takes hostile pages in a second', async () => {
    const long = 300_000;
    for (const piece of [
      '<',
      '<a ',
      '<a "',
      '<!--',
      '</',
      '<script>',
      '<svg>',
      '<a href=',
      '&#',
      '&amp',
      '<p',
      "<a b='",
      '<ul><li>',
      '<pre>',
      '<a href="x',
      '<a =',
      '<title>',
      ' ',
      '<b a  = ',
    ]) {
      const start = performance.now();
      await text(piece.repeat(long));
      assert.ok(performance.now() - start < 2_000, `${piece}: ${performance.now() - start} ms`);
    }
  }).timeout(60_000);

  it('lets others work while it reads 5 MB, and stops at 2 MB of text', async () => {
    const size = 5 * 1024 * 1024;
    for (const piece of ['<p>a <a href="/b">c</a></p>', '<pre>', '<', '<li><ul>', '&amp;', '<!-- -->', 'word ']) {
      const page = piece.repeat(size / piece.length);
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      const start = performance.now();
      const { text: read, truncated } = await htmlText(page, base, neverAborted);
      const took = performance.now() - start;
      await new Promise((resolve) => setTimeout(resolve, 20));
      delay.disable();
      const longest = delay.max / 1e6;
      console.log(`      ${piece}: ${took.toFixed(0)} ms, at most ${longest.toFixed(0)} ms at a time`);
      assert.ok(read.length <= 2 * 1024 * 1024);
      assert.equal(truncated, !['<pre>', '<!-- -->', '&amp;'].includes(piece), piece);
      assert.ok(longest < 250, `${piece}: ${longest} ms`);
    }
  }).timeout(60_000);

  it('stops when it is told to', async () => {
    const page = '<p>a'.repeat(1_000_000);
    await assert.rejects(htmlText(page, base, AbortSignal.abort(new Error('stopped'))), /stopped/);
  });

  it('keeps words and references whole in a long text', async () => {
    const long = 'a&amp;&lt;&frac12; '.repeat(20_000);
    assert.ok((await text(long)) === 'a&<½ '.repeat(20_000).trim());
    assert.ok((await text('x < 1;'.repeat(50_000))) === 'x < 1;'.repeat(50_000));
  });

  it('never fails', async () => {
    const piece = fc.constantFrom(
      '<a href="',
      '"',
      '>',
      '<',
      '</a>',
      '<pre>',
      '</pre>',
      'text ',
      '<svg>',
      '</svg>',
      '<li>',
      '</ul>',
      '&lt;',
      '<!--',
      '-->',
      "'",
      '=',
      '<title>',
      '\n',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece), async (pieces) => {
        await text(pieces.join(''));
      }),
      { numRuns: 2_000 },
    );
  });
});
