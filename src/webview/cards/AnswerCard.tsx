import { Markdown } from '../markdown/Markdown';
import type { ItemOf } from './itemOf';

/** What the model says. */
export function AnswerCard({ item }: { readonly item: ItemOf<'answer'> }) {
  return (
    <article class={item.open ? 'answer open' : 'answer'} aria-label="Countersign">
      <Markdown text={item.text} open={item.open} />
    </article>
  );
}
