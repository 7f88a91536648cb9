import { useLayoutEffect, useRef } from 'preact/hooks';
import { terminalText } from '../text/terminalText';
import { visibleProse, visibleText } from '../text/visibleText';

interface OutputProps {
  readonly text: string;
  readonly running: boolean;
  readonly label: string;
}
/** More than this is not drawn: it is the end of the output that says how it went. */
const shownCharacters = 16_000;

/** Output in a box of bounded height; while the program runs, its end stays in sight. */
export function OutputBox({ text, running, label }: OutputProps) {
  const box = useRef<HTMLPreElement>(null);
  const cut = text.length > shownCharacters;
  useLayoutEffect(() => {
    if (running && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text, running]);
  return (
    <pre ref={box} class="output" tabIndex={0} role="group" aria-label={visibleText(label)}>
      {cut && <span class="output-cut">… the beginning is left out …{'\n'}</span>}
      {visibleProse(terminalText(text.slice(-shownCharacters))).trimEnd()}
    </pre>
  );
}
