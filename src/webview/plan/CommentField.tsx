import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { isComposing } from '../ui/isComposing';

interface CommentFieldProps {
  readonly label: string;
  readonly onAdd: (text: string) => void;
  readonly onCancel: () => void;
}

const maxCommentCharacters = 10_000;

/** Where a comment is written. Enter adds it, Shift+Enter breaks the line, Escape goes back. */
export function CommentField({ label, onAdd, onCancel }: CommentFieldProps) {
  const text = useSignal('');
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const add = (): void => (text.value.trim() === '' ? onCancel() : onAdd(text.value.trim()));
  const onKeyDown = (event: KeyboardEvent): void => {
    const adds = event.key === 'Enter' && !event.shiftKey;
    if (isComposing(event) || (!adds && event.key !== 'Escape')) return;
    event.preventDefault();
    event.stopPropagation();
    if (adds) add();
    else onCancel();
  };
  return (
    <div class="comment-field">
      <textarea
        ref={field}
        class="answer-field"
        rows={2}
        maxLength={maxCommentCharacters}
        aria-label={label}
        placeholder="What should be different here?"
        value={text.value}
        onInput={({ currentTarget }) => (text.value = currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div class="comment-actions">
        <button type="button" class="text-button" onClick={add}>
          Add comment
        </button>
        <button type="button" class="text-button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </div>
  );
}
