import type { ComponentChildren, Ref } from 'preact';
import { Icon, type IconName } from './icons';

interface ButtonProps {
  readonly onClick: () => void;
  readonly children: ComponentChildren;
  readonly appearance?: 'primary' | 'secondary';
  readonly disabled?: boolean;
}

/** The toolkit's button, for what a person decides. */
export function Button({ onClick, children, appearance = 'secondary', disabled = false }: ButtonProps) {
  return (
    <vscode-button appearance={appearance} disabled={disabled} onClick={disabled ? undefined : onClick}>
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
}

/** A plain button with an icon: long lists would pay for a toolkit component in each row. */
export function IconButton({ icon, label, onClick, className = '', disabled = false, buttonRef }: IconButtonProps) {
  return (
    <button
      type="button"
      class={`icon-button ${className}`}
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
      {...(buttonRef && { ref: buttonRef })}
    >
      <Icon name={icon} />
    </button>
  );
}
