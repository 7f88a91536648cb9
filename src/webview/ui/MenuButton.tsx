import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface MenuButtonProps {
  /** Its name for screen readers, and the menu's. */
  readonly label: string;
  readonly title: string;
  readonly className: string;
  readonly menuClass?: string;
  /** What stands on the button. */
  readonly face: ComponentChildren;
  /** The entries, each with a role of `menuitem`; `close` gives the focus back to the button. */
  readonly children: (close: () => void) => ComponentChildren;
}

/** A button with a menu: the arrow keys, Home and End move in it, Escape and Tab close it, and so does going elsewhere. */
export function MenuButton({ label, title, className, menuClass = '', face, children }: MenuButtonProps) {
  const open = useSignal(false);
  const anchor = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    open.value = false;
    button.current?.focus();
  };
  return (
    <div
      class="menu-anchor"
      ref={anchor}
      onFocusOut={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && !anchor.current?.contains(relatedTarget)) open.value = false;
      }}
    >
      <button
        ref={button}
        type="button"
        class={className}
        aria-label={label}
        title={title}
        aria-haspopup="menu"
        aria-expanded={open.value}
        onClick={() => (open.value = !open.value)}
      >
        {face}
      </button>
      {open.value && (
        <Menu label={label} className={menuClass} close={close}>
          {children(close)}
        </Menu>
      )}
    </div>
  );
}

interface MenuProps {
  readonly label: string;
  readonly className: string;
  readonly close: () => void;
  readonly children: ComponentChildren;
}

function Menu({ label, className, close, children }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const items = itemsOf(menu.current);
    (items.find((item) => item.getAttribute('aria-checked') === 'true') ?? items[0])?.focus();
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Tab') {
      close(); // from the button the browser goes on
      return;
    }
    const target = targetOf(event, itemsOf(menu.current));
    if (event.key === 'Escape') close();
    else if (target) target.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class={`menu ${className}`} role="menu" aria-label={label} ref={menu} onKeyDown={onKeyDown}>
      {children}
    </div>
  );
}

function targetOf({ key }: KeyboardEvent, items: readonly HTMLElement[]): HTMLElement | undefined {
  if (key === 'Home') return items[0];
  if (key === 'End') return items.at(-1);
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return undefined;
  const index = items.findIndex((item) => item === document.activeElement) + step;
  return items[(index + items.length) % items.length];
}

function itemsOf(menu: HTMLElement | null): readonly HTMLElement[] {
  return Array.from(menu?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? []);
}
