import { useMemo } from 'preact/hooks';
import { visibleLines } from '../text/visibleLines';
import type { VisiblePart } from '../text/visibleText';
import { TextNotes } from '../ui/TextNotes';
import { VisibleParts } from '../ui/VisibleParts';
import { useWholeText, type Unread } from './useWholeText';

interface TextProps {
  readonly text: string;
  readonly label: string;
  /** Called when more of it has been in sight. */
  readonly onSeen: (unread: Unread) => void;
  readonly unread: Unread;
  /** The host of the address that the text is: it stands out. */
  readonly host?: string | undefined;
}

/**
 * Exactly what is asked about, as plain text in a box that scrolls: what nobody could see is visible, nothing is drawn in
 * another order, and where a line ends is told from where it was only wrapped.
 */
export function SubjectText({ text, label, onSeen, unread, host }: TextProps) {
  const box = useWholeText<HTMLPreElement>(onSeen);
  const lines = useMemo(() => visibleLines(text), [text]);
  const userInfo = host === undefined ? '' : (beforeHost.exec(text)?.[1] ?? '');
  return (
    <>
      <pre
        ref={box}
        class="subject"
        tabIndex={0}
        role="group"
        aria-label={unread === 'end' ? `${label}. Scroll to its end to approve.` : label}
      >
        <span />
        {lines.map((parts, index) => (
          <span key={index} class="subject-line">
            {index === 0 && host !== undefined ? <Address parts={parts} host={host} /> : <VisibleParts parts={parts} />}
          </span>
        ))}
        <span />
      </pre>
      <TextNotes text={text} more={userInfo === '' ? [] : ['What stands before the @ is not the host.']} />
    </>
  );
}

/** Up to the host: the scheme, and what is only there to be taken for the host. */
const beforeHost = /^[a-z][a-z0-9+.-]*:\/\/([^/?#\\]*@)?/i;

function Address({ parts, host }: { readonly parts: readonly VisiblePart[]; readonly host: string }) {
  const [first, ...further] = parts;
  const text = first?.kind === 'text' ? first.text : '';
  const from = beforeHost.exec(text)?.[0].length ?? 0;
  const found = text.slice(from, from + host.length);
  if (from === 0 || found.toLowerCase() !== host.toLowerCase()) return <VisibleParts parts={parts} />;
  return (
    <>
      {text.slice(0, from)}
      <b>{found}</b>
      {text.slice(from + host.length)}
      <VisibleParts parts={further} />
    </>
  );
}
