import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { htmlText } from '../../../src/node/web/htmlText';

const base = new URL('https://example.org/docs/page');
const text = (html: string): string => htmlText(html, base);

describe('the text of a page', () => {
  it('keeps headings, paragraphs, lists, tables, code and links', () => {
    const page = `<!doctype html><html><head><title>A &amp; B</title><style>p{}</style></head><body>
      <script>if (a < b) alert("</p>")</script><h2>Use</h2><p>One   <b>bold</b>,
      <a href="../x?y=1&amp;z=2">a link</a>.<br>Next&nbsp;line</p>
      <ul><li>one<ul><li>deep</li></ul></li><li><code>npm i</code></li></ul>
      <pre><code>a\n  b &lt;c&gt;</code></pre><table><tr><th>k<th>v</tr><tr><td>1<td>2</table><img src=x alt="A cat"></body>`;
    assert.equal(
      text(page),
      '# A & B\n\n## Use\n\nOne bold, [a link](https://example.org/x?y=1&z=2).\nNext line\n\n- one\n\n  - deep\n\n- `npm i`\n\n```\na\n  b <c>\n```\n\nk | v\n1 | 2\n\n[image: A cat]',
    );
  });

  it('keeps no scripts, and no links that do anything but lead to a page', () => {
    const page =
      '<a href="javascript:alert(1)">x</a><a href="data:,y">y</a><a href="#top">z</a><svg><title>s</title></svg><SCRIPT>bad</ScRiPt >!';
    assert.equal(text(page), 'xyz!');
    assert.equal(text('<script>never closed <p>text'), '');
    assert.equal(text('<!-- <p>a --><p>b<!-- open'), 'b');
    assert.equal(text('1 < 2 && 3 > 2 <'), '1 < 2 && 3 > 2 <');
    assert.equal(text('&#x41;&#66;&unknown;&#0;&#xd800;&#99999999;'), 'AB&unknown;\ufffd\ufffd&#99999999;');
  });

  it('takes hostile pages in a second', () => {
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
      text(piece.repeat(long));
      assert.ok(performance.now() - start < 2_000, `${piece}: ${performance.now() - start} ms`);
    }
  }).timeout(60_000);

  it('never fails', () => {
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
    fc.assert(
      fc.property(fc.array(piece), (pieces) => void text(pieces.join(''))),
      { numRuns: 2_000 },
    );
  });
});
