import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { PanelCommand } from '../../core/protocol/ops';
import type { AppView } from '../../core/protocol/view';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';

type Entry = readonly [command: PanelCommand, label: string];
const exportThis: Entry = ['countersign.exportSession', 'Export this session…'];
const importOne: Entry = ['countersign.importSession', 'Import a session…'];
const recoverThis: Entry = ['countersign.salvageSession', 'Recover this session…'];

/** Export, import and, where it is damaged, recover: behind one button. */
export function MoreMenu({ app }: { readonly app: AppView }) {
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
        class="icon-button"
        aria-label="More"
        title="Export, import"
        aria-haspopup="menu"
        aria-expanded={open.value}
        onClick={() => (open.value = !open.value)}
      >
        <Icon name="more" />
      </button>
      {open.value && <Menu close={close} entries={entriesFor(app)} />}
    </div>
  );
}

function entriesFor({ activeSessionId, readOnly }: AppView): readonly Entry[] {
  return [...(activeSessionId ? [exportThis] : []), importOne, ...(readOnly?.kind === 'damaged' ? [recoverThis] : [])];
}

function Menu({ close, entries }: { readonly close: () => void; readonly entries: readonly Entry[] }) {
  const panel = usePanel();
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => menu.current?.querySelector('button')?.focus(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Escape') close();
    else if (step !== 0) moveBy(menu.current, step);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="menu" role="menu" aria-label="More" ref={menu} onKeyDown={onKeyDown}>
      {entries.map(([command, label]) => (
        <button
          key={command}
          type="button"
          role="menuitem"
          class="menu-item"
          onClick={() => {
            panel.post({ type: 'command.run', command });
            close();
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function moveBy(menu: HTMLElement | null, step: number): void {
  const items = Array.from(menu?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? []);
  const index = items.findIndex((item) => item === document.activeElement) + step;
  items[(index + items.length) % items.length]?.focus();
}
