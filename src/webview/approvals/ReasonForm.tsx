import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../ui/Button';
import { isComposing } from '../ui/isComposing';

interface ReasonProps {
  readonly text: string;
  readonly onInput: (text: string) => void;
  readonly onReject: () => void;
  readonly onCancel: () => void;
}

/** Rejecting, with a reason for the model if the person wants to give one. Enter rejects, Escape goes back. */
export function ReasonForm({ text, onInput, onReject, onCancel }: ReasonProps) {
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
        placeholder="Why, or what instead? (optional)"
        aria-label="Reason for the rejection"
        onInput={(event: Event) => onInput(readValue(event.currentTarget))}
        onKeyDown={onKeyDown}
      />
      <div class="actions">
        <Button appearance="primary" onClick={onReject}>
          Reject
        </Button>
        <Button onClick={onCancel}>Back</Button>
      </div>
    </div>
  );
}

function readValue(field: EventTarget | null): string {
  return field && 'value' in field && typeof field.value === 'string' ? field.value : '';
}
