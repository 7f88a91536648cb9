import { useMemo } from 'preact/hooks';
import { lookalikes, lookalikesInWords } from '../text/lookalikes';
import { visibleParts } from '../text/visibleText';
import { Icon } from './icons';

const maxNamed = 3;
const hasRightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

interface NotesProps {
  readonly text: string;
  /** In source text, signs and words of other scripts are what people write; in a command they are not. */
  readonly source?: boolean;
  /** Another thing that a person may not notice here. */
  readonly more?: readonly string[];
}

/** What a person may not notice by reading. */
export function TextNotes({ text, source = false, more = [] }: NotesProps) {
  const notes = useMemo(() => notesOf(text, source), [text, source]);
  return [...more, ...notes].map((note) => (
    <p key={note} class="approval-note">
      <Icon name="alert" />
      {note}
    </p>
  ));
}

function notesOf(text: string, source: boolean): readonly string[] {
  const alike = (source ? lookalikesInWords : lookalikes)(text);
  const named = alike
    .slice(0, maxNamed)
    .map(({ character, looksLike }) => `“${character}” (${codeOf(character)}) is not “${looksLike}”`);
  const left = alike.length - named.length;
  return [
    ...(visibleParts(text).some(({ kind }) => kind === 'unseen')
      ? ['It contains characters that cannot be seen.']
      : []),
    ...(alike.length > 0
      ? [`It contains characters that look like others: ${named.join(', ')}${left > 0 ? `, and ${left} more` : ''}.`]
      : []),
    ...(hasRightToLeft.test(text)
      ? ['Right-to-left text stands here in the order in which it is read by the machine.']
      : []),
  ];
}

const codeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
