const marks: readonly string[] = ['`', '"""', "'''"];

/**
 * Whether a place lies in a literal of several lines (a template, a docstring, a Markdown fence), as far as the number of
 * marks before it tells. It errs towards yes: what is inside is only ever replaced exactly.
 */
export function insideLongText(text: string, offset: number): boolean {
  return marks.some((mark) => {
    let inside = false;
    for (let at = text.indexOf(mark); at >= 0 && at < offset; at = text.indexOf(mark, at + mark.length))
      if (text.charAt(at - 1) !== '\\') inside = !inside;
    return inside;
  });
}
