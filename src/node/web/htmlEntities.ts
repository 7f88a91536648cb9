/** The text with its character references resolved; those that are not known stay as they are. */
export function plainEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]{2,8}\d{0,2}));/g,
    (whole, decimal, hex, name) => {
      if (typeof name === 'string') return named.get(name) ?? whole;
      const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
      const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
      return isCharacter ? String.fromCodePoint(code) : '\ufffd';
    },
  );
}

/** Those that pages really use; servers send most characters as themselves. */
const named = new Map(
  [
    ...[
      'amp &',
      'lt <',
      'gt >',
      'quot "',
      "apos '",
      'nbsp \u00a0',
      'shy \u00ad',
      'copy ©',
      'reg ®',
      'trade ™',
      'deg °',
    ],
    ...['hellip …', 'mdash —', 'ndash –', 'lsquo ‘', 'rsquo ’', 'ldquo “', 'rdquo ”', 'laquo «', 'raquo »', 'sbquo ‚'],
    ...['bdquo „', 'bull •', 'middot ·', 'para ¶', 'sect §', 'dagger †', 'times ×', 'divide ÷', 'plusmn ±', 'minus −'],
    ...['larr ←', 'rarr →', 'uarr ↑', 'darr ↓', 'harr ↔', 'rArr ⇒', 'le ≤', 'ge ≥', 'ne ≠', 'asymp ≈', 'infin ∞'],
    ...['euro €', 'pound £', 'yen ¥', 'cent ¢', 'frac12 ½', 'frac14 ¼', 'sup2 ²', 'sup3 ³', 'micro µ', 'check ✓'],
    ...['auml ä', 'ouml ö', 'uuml ü', 'Auml Ä', 'Ouml Ö', 'Uuml Ü', 'szlig ß', 'eacute é', 'egrave è', 'ecirc ê'],
    ...['aacute á', 'agrave à', 'acirc â', 'atilde ã', 'aring å', 'aelig æ', 'ccedil ç', 'iacute í', 'ntilde ñ'],
    ...['oacute ó', 'ocirc ô', 'oslash ø', 'uacute ú', 'ugrave ù', 'ensp \u2002', 'emsp \u2003', 'thinsp \u2009'],
    ...['zwnj \u200c', 'zwj \u200d', 'lbrace {', 'rbrace }', 'lbrack [', 'rbrack ]', 'lpar (', 'rpar )', 'colon :'],
    ...['comma ,', 'period .', 'num #', 'dollar $', 'percnt %', 'ast *', 'plus +', 'equals =', 'sol /', 'bsol \\'],
    ...['lowbar _', 'grave `', 'verbar |', 'excl !', 'quest ?', 'semi ;', 'commat @', 'Tab \t', 'NewLine \n'],
  ].map((pair): readonly [string, string] => {
    const blank = pair.indexOf(' ');
    return [pair.slice(0, blank), pair.slice(blank + 1)];
  }),
);
