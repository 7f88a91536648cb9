import type { ComponentChildren, Ref } from 'preact';
import { Icon, type IconName } from './icons';

interface ButtonProps {
  readonly onClick: () => void;
  readonly children: ComponentChildren;
  readonly appearance?: 'primary' | 'secondary';
  readonly disabled?: boolean;
  readonly className?: string;
  readonly buttonRef?: Ref<HTMLElement>;
}

/** The toolkit's button, for what a person decides. */
export function Button(props: ButtonProps) {
  const { onClick, children, appearance = 'secondary', disabled = false, className = '', buttonRef } = props;
  return (
    <vscode-button
      class={className}
      appearance={appearance}
      disabled={disabled}
      onClick={disabled ? undefined : onClick}
      {...(buttonRef && { ref: buttonRef })}
    >
      {children}
    </vscode-button>
  );
}

interface IconButtonProps {
  readonly icon: IconName;
  /** What it does: its name for screen readers and its tooltip. */
  readonly label: string;
  readonly onClick: () => void;
  readonly className?: string;
  readonly disabled?: boolean;
  readonly buttonRef?: Ref<HTMLButtonElement>;
  /** -1: out of the Tab order, where the arrow keys lead to it. */
  readonly tabIndex?: number;
  /** By which its row finds it again after the list was drawn anew. */
  readonly part?: string;
}

/** A plain button with an icon: long lists would pay for a toolkit component in each row. */
export function IconButton(props: IconButtonProps) {
  const { icon, label, onClick, className = '', disabled = false, buttonRef, tabIndex, part } = props;
  return (
    <button
      type="button"
      class={`icon-button ${className}`}
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
      tabIndex={tabIndex}
      data-part={part}
      {...(buttonRef && { ref: buttonRef })}
    >
      <Icon name={icon} />
    </button>
  );
}
