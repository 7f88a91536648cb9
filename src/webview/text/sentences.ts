/** How many characters of `text` are finished sentences or lines: what a screen reader may be told while the rest still grows. */
export function finishedLength(text: string): number {
  let end = 0;
  for (const match of text.matchAll(/[.!?:]["')\]]*(?=\s)|\n|[。！？]/gu)) end = match.index + match[0].length;
  return end;
}

/** Markdown as it is spoken: without its marks, code blocks by name only. */
export function spokenText(markdown: string): string {
  return markdown
    .replace(/```[^\n]*\n[\s\S]*?(?:```|$)/g, ' Code block. ')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`#>|~]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
