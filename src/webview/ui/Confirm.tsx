import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from './Button';

interface ConfirmProps {
  readonly text: string;
  /** What the confirming button says. */
  readonly yes: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

/** A second step before something that cannot simply be undone: says what it means. The focus stands on the way back; Escape is the same. */
export function Confirm({ text, yes, onYes, onNo }: ConfirmProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const cancel = box.current?.querySelector<HTMLElement>('vscode-button:last-of-type');
    cancel?.focus();
    if (box.current?.contains(document.activeElement)) return;
    // The button has not drawn itself yet, so that it cannot have the focus.
    const frame = requestAnimationFrame(() => cancel?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onNo();
  };
  return (
    <div class="confirm" ref={box} role="group" aria-label={text} onKeyDown={onKeyDown}>
      <p>{text}</p>
      <div class="actions">
        <Button appearance="primary" onClick={onYes}>
          {yes}
        </Button>
        <Button onClick={onNo}>Cancel</Button>
      </div>
    </div>
  );
}
