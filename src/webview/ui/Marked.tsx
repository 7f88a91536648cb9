import { markedParts } from '../text/markedParts';

/** A text in which the searched words are marked. It stays text: nothing in it becomes markup. */
export function Marked({ text, query }: { readonly text: string; readonly query: string }) {
  return <>{markedParts(text, query).map(({ text: part, marked }) => (marked ? <mark>{part}</mark> : part))}</>;
}
