import type { PanelCommand } from '../../core/protocol/ops';
import type { AppView } from '../../core/protocol/view';
import { Icon } from '../ui/icons';
import { MenuButton } from '../ui/MenuButton';
import { usePanel } from '../ui/panelContext';

type Entry = readonly [command: PanelCommand, label: string];
const exportThis: Entry = ['countersign.exportSession', 'Export this session…'];
const importOne: Entry = ['countersign.importSession', 'Import a session…'];
const recoverThis: Entry = ['countersign.salvageSession', 'Recover this session…'];

/** Export, import and, where it is damaged, recover: behind one button. */
export function MoreMenu({ app }: { readonly app: AppView }) {
  const panel = usePanel();
  return (
    <MenuButton label="More" title="Export, import" className="icon-button" face={<Icon name="more" />}>
      {(close) =>
        entriesFor(app).map(([command, label]) => (
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
        ))
      }
    </MenuButton>
  );
}

function entriesFor({ activeSessionId, readOnly }: AppView): readonly Entry[] {
  return [...(activeSessionId ? [exportThis] : []), importOne, ...(readOnly?.kind === 'damaged' ? [recoverThis] : [])];
}
