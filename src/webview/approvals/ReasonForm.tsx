import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../ui/Button';
import { isComposing } from '../ui/isComposing';

/** What the form says: on its button, for screen readers, and in the empty field. */
interface ReasonWords {
  readonly yes: string;
  readonly label: string;
  readonly placeholder: string;
}

const rejecting: ReasonWords = {
  yes: 'Reject',
  label: 'Reason for the rejection',
  placeholder: 'Why, or what instead? (optional)',
};

interface ReasonProps {
  readonly text: string;
  readonly words?: ReasonWords;
  readonly onInput: (text: string) => void;
  readonly onReject: () => void;
  readonly onCancel: () => void;
}

/** Rejecting, with a reason for the model if the person wants to give one. Enter rejects, Escape goes back. */
export function ReasonForm({ text, words = rejecting, onInput, onReject, onCancel }: ReasonProps) {
  const form = useRef<HTMLDivElement>(null);
  // Before the next key press: what is typed right after Reject belongs here.
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>('vscode-text-field')?.focus(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    if (event.key === 'Enter') onReject();
    if (event.key === 'Escape') onCancel();
  };
  return (
    <div class="reason-form" ref={form}>
      <vscode-text-field
        value={text}
        maxlength={10_000}
        placeholder={words.placeholder}
        aria-label={words.label}
        onInput={(event: Event) => onInput(readValue(event.currentTarget))}
        onKeyDown={onKeyDown}
      />
      <div class="actions">
        <Button appearance="primary" onClick={onReject}>
          {words.yes}
        </Button>
        <Button onClick={onCancel}>Back</Button>
      </div>
    </div>
  );
}

function readValue(field: EventTarget | null): string {
  return field && 'value' in field && typeof field.value === 'string' ? field.value : '';
}
