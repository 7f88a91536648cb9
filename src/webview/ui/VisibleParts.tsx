import { useSignal } from '@preact/signals';
import { counted } from '../text/numbers';
import type { VisiblePart } from '../text/visibleText';

/** A text as it was taken apart: what nobody could see is framed, and a run of blanks is folded until it is asked for. */
export function VisibleParts({ parts }: { readonly parts: readonly VisiblePart[] }) {
  return (
    <>
      {parts.map((part, index) => {
        if (part.kind === 'text') return part.text;
        if (part.kind === 'blanks') return <Blanks key={index} text={part.text} />;
        return (
          <span key={index} class="unseen">
            {part.text}
          </span>
        );
      })}
    </>
  );
}

function Blanks({ text }: { readonly text: string }) {
  const unfolded = useSignal(false);
  if (unfolded.value) return <span class="blanks-shown">{text}</span>;
  const lines = text.split('\n').length - 1;
  return (
    <>
      {' '}
      <button type="button" class="blanks" aria-expanded={false} onClick={() => (unfolded.value = true)}>
        {counted(text.length, 'blank', 'blanks')}
        {lines > 0 && ` over ${counted(lines + 1, 'line', 'lines')}`}
      </button>{' '}
    </>
  );
}
