import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { lookalikes } from '../text/lookalikes';
import { counted } from '../text/numbers';
import { visibleParts, type VisiblePart } from '../text/visibleText';
import { Icon } from '../ui/icons';
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

const hasRightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Exactly what is asked about, as plain text in a box that scrolls: what nobody could see is visible, and nothing is drawn in another order. */
export function SubjectText({ text, label, onSeen, unread, host }: TextProps) {
  const unfolded = useSignal(false);
  const box = useWholeText<HTMLPreElement>(onSeen);
  const parts = useMemo(() => visibleParts(text), [text]);
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
        {parts.map((part, index) => (
          <Part
            key={index}
            part={part}
            host={index === 0 ? host : undefined}
            unfolded={unfolded.value}
            unfold={() => (unfolded.value = true)}
          />
        ))}
        <span />
      </pre>
      <Notes text={text} parts={parts} />
    </>
  );
}

interface PartProps {
  readonly part: VisiblePart;
  readonly host: string | undefined;
  readonly unfolded: boolean;
  readonly unfold: () => void;
}

function Part({ part, host, unfolded, unfold }: PartProps): ComponentChildren {
  if (part.kind === 'unseen') return <span class="unseen">{part.text}</span>;
  if (part.kind === 'text') return host === undefined ? part.text : <Address text={part.text} host={host} />;
  if (unfolded) return <span class="blanks-shown">{part.text}</span>;
  const lines = part.text.split('\n').length - 1;
  return (
    <>
      {' '}
      <button type="button" class="blanks" aria-expanded={false} onClick={unfold}>
        {counted(part.text.length, 'blank', 'blanks')}
        {lines > 0 && ` over ${counted(lines + 1, 'line', 'lines')}`}
      </button>{' '}
    </>
  );
}

/** Up to the host: the scheme, and what is only there to be taken for the host. */
const beforeHost = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#\\]*@)?/i;

function Address({ text, host }: { readonly text: string; readonly host: string }) {
  const from = beforeHost.exec(text)?.[0].length ?? 0;
  const found = text.slice(from, from + host.length);
  if (from === 0 || found.toLowerCase() !== host.toLowerCase()) return <>{text}</>;
  return (
    <>
      {text.slice(0, from)}
      <b>{found}</b>
      {text.slice(from + host.length)}
    </>
  );
}

const maxNamed = 3;

/** What a person may not notice by reading. */
function Notes({ text, parts }: { readonly text: string; readonly parts: readonly VisiblePart[] }) {
  const alike = useMemo(() => lookalikes(text), [text]);
  const named = alike
    .slice(0, maxNamed)
    .map(({ character, looksLike }) => `“${character}” (${codeOf(character)}) is not “${looksLike}”`);
  const more = alike.length - named.length;
  const notes = [
    ...(parts.some(({ kind }) => kind === 'unseen') ? ['It contains characters that cannot be seen.'] : []),
    ...(alike.length > 0
      ? [`It contains characters that look like others: ${named.join(', ')}${more > 0 ? `, and ${more} more` : ''}.`]
      : []),
    ...(hasRightToLeft.test(text)
      ? ['Right-to-left text stands here in the order in which it is read by the machine.']
      : []),
  ];
  return notes.map((note) => (
    <p key={note} class="approval-note">
      <Icon name="alert" />
      {note}
    </p>
  ));
}

const codeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
