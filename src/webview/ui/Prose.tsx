import { visibleProse } from '../text/visibleText';

const codeMarks = /(`` .+? ``|`[^`]+`)/;

/** A sentence of ours about something: what stands in backticks is code, all else is plain text. */
export function Prose({ text }: { readonly text: string }) {
  return (
    <>
      {visibleProse(text)
        .split(codeMarks)
        .map((piece, index) => (index % 2 === 1 ? <code key={index}>{unmarked(piece)}</code> : piece))}
    </>
  );
}

function unmarked(code: string): string {
  return code.startsWith('`` ') ? code.slice(3, -3) : code.slice(1, -1);
}
