import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { lookalikes } from '../text/lookalikes';
import { counted } from '../text/numbers';
import { visibleParts, type VisiblePart } from '../text/visibleText';
import { Icon } from '../ui/icons';

interface TextProps {
  readonly text: string;
  readonly label: string;
  /** Called once, when the beginning and the end have been in sight. */
  readonly onRead: () => void;
  /** Whether it was called. */
  readonly read: boolean;
  /** What stands out in it, like the host of an address. */
  readonly strong?: string | undefined;
}

const hasRightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Exactly what is asked about, as plain text in a box that scrolls: what nobody could see is visible, and nothing is drawn in another order. */
export function SubjectText({ text, label, onRead, read, strong }: TextProps) {
  const unfolded = useSignal(false);
  const box = useWholeText(onRead);
  const parts = useMemo(() => visibleParts(text), [text]);
  return (
    <>
      <pre
        ref={box}
        class="subject"
        tabIndex={0}
        role="group"
        aria-label={read ? label : `${label}. Scroll to its end to approve.`}
      >
        <span />
        {parts.map((part, index) => (
          <Part
            key={index}
            part={part}
            strong={strong}
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
  readonly strong: string | undefined;
  readonly unfolded: boolean;
  readonly unfold: () => void;
}

function Part({ part, strong, unfolded, unfold }: PartProps): ComponentChildren {
  if (part.kind === 'unseen') return <span class="unseen">{part.text}</span>;
  if (part.kind === 'text') return strong === undefined ? part.text : <WithStrong text={part.text} strong={strong} />;
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

function WithStrong({ text, strong }: { readonly text: string; readonly strong: string }) {
  const at = text.indexOf(strong);
  if (at < 0) return <>{text}</>;
  return (
    <>
      {text.slice(0, at)}
      <b>{strong}</b>
      {text.slice(at + strong.length)}
    </>
  );
}

/** Resolves what was seen: a mark at each end of the text tells when it comes into sight, within its box and the panel. */
function useWholeText(onRead: () => void) {
  const box = useRef<HTMLPreElement>(null);
  const report = useRef(onRead);
  report.current = onRead;
  useEffect(() => {
    const unseenEnds = new Set<Element | null>([
      box.current?.firstElementChild ?? null,
      box.current?.lastElementChild ?? null,
    ]);
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) if (isIntersecting) unseenEnds.delete(target);
      if (unseenEnds.size > 0) return;
      observer.disconnect();
      report.current();
    });
    for (const end of unseenEnds) if (end) observer.observe(end);
    return () => observer.disconnect();
  }, []);
  return box;
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
