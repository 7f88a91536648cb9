import purifier from 'dompurify';
import { Marked, type RendererObject, type Token } from 'marked';
import { linkTarget } from '../text/linkTarget';
import { visibleText } from '../text/visibleText';
import { highlight } from './highlight';

const harmlessTag = /^<\/?(?:b|br|code|details|em|i|kbd|strong|sub|summary|sup)\s*\/?>$/i;
const renderer: RendererObject = {
  // Nothing is loaded from elsewhere: a picture would tell its server what the model read.
  image({ href, text }) {
    return `<a href="${escapeHtml(href)}">${escapeHtml(text === '' ? href : text)} (image)</a>`;
  },
  // Markup that is not harmless stands there as text: nothing of what the model wrote is hidden.
  html({ text }) {
    return text.replace(/<[^<>]*>|[&<>]/g, (piece) => (harmlessTag.test(piece) ? piece : escapeHtml(piece)));
  },
  checkbox({ checked }) {
    return checked ? '☑ ' : '☐ ';
  },
  code({ text, lang }) {
    return `<pre><code>${highlight(text, lang ?? '') ?? escapeHtml(text)}</code></pre>`;
  },
  table(token) {
    // A wide table scrolls in its own box, not the panel.
    const row = (cells: typeof token.header, tag: 'th' | 'td'): string =>
      `<tr>${cells.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join('')}</tr>`;
    const body = token.rows.map((cells) => row(cells, 'td')).join('');
    return `<div class="table-box"><table><thead>${row(token.header, 'th')}</thead><tbody>${body}</tbody></table></div>`;
  },
};
const parser = new Marked({ renderer });

const allowedTags = [
  ...[
    'a',
    'b',
    'blockquote',
    'br',
    'code',
    'del',
    'details',
    'div',
    'em',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'hr',
    'i',
    'kbd',
  ],
  ...[
    'li',
    'ol',
    'p',
    'pre',
    'span',
    'strong',
    'sub',
    'summary',
    'sup',
    'table',
    'tbody',
    'td',
    'th',
    'thead',
    'tr',
    'ul',
  ],
];
/** Classes that the renderer and highlight.js write; any other could dress the model's text as a part of the panel. */
const allowedClass = /^(?:hljs-[\w-]+|function_|class_|inherited__|language_|invoke__|constant_|escape_|table-box)$/;

/** Renders one block. The result holds no scripts, styles, forms, pictures, ids or foreign classes. */
export function blockHtml(token: Token): string {
  return sanitize(parser.parser([token]));
}

/** Closed code as highlighted HTML, or undefined where it is to be shown as it is. */
export function codeHtml(code: string, language: string): string | undefined {
  const html = highlight(code, language);
  return html === undefined ? undefined : sanitize(html);
}

const purify = withHooks();

function withHooks(): typeof purifier {
  purifier.addHook('uponSanitizeAttribute', (_element, data) => {
    if (data.attrName === 'class')
      data.attrValue = data.attrValue
        .split(/\s+/)
        .filter((name) => allowedClass.test(name))
        .join(' ');
    if (data.attrName === 'href') {
      const target = linkTarget(data.attrValue);
      if (!target) data.keepAttr = false;
      else if (target.kind === 'file') data.attrValue = fileHref(target.path, target.line);
    }
  });
  // Where a link leads is said before it is opened, by what it is and not by what the model says of it.
  purifier.addHook('afterSanitizeAttributes', (element) => {
    if (element.tagName !== 'A') return;
    const href = element.getAttribute('href');
    if (href === null) element.removeAttribute('title');
    else element.setAttribute('title', visibleText(href));
  });
  return purifier;
}

function sanitize(html: string): string {
  return purify.sanitize(html, {
    ALLOWED_TAGS: allowedTags,
    ALLOWED_ATTR: ['href', 'title', 'class', 'start', 'open'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
  });
}

/** A form that reads as relative to every parser: `a.ts:12` would be the scheme `a.ts`. */
function fileHref(path: string, line: number | undefined): string {
  return `${/^[./\\]/.test(path) ? '' : './'}${encodeURI(path)}${line === undefined ? '' : `#L${line}`}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
