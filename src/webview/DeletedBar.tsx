import type { AppView } from '../core/protocol/view';
import { visibleText } from './text/visibleText';
import { Icon } from './ui/icons';
import { usePanel } from './ui/panelContext';

interface DeletedProps {
  readonly deleted: AppView['deleted'];
  /** Where the focus goes when Undo, which had it, is gone. */
  readonly refocus: () => void;
}

/** A session that was deleted a moment ago, and the way back. */
export function DeletedBar({ deleted, refocus }: DeletedProps) {
  const panel = usePanel();
  if (!deleted) return null;
  const undo = (): void => {
    panel.sessionSearch.restore(deleted.sessionId);
    refocus();
  };
  return (
    <div class="deleted-bar" role="group" aria-label="Deleted session">
      <Icon name="trash" />
      <p>
        <span>Deleted “</span>
        <span class="deleted-title">{visibleText(deleted.title)}</span>
        <span>”</span>
      </p>
      <button type="button" class="text-button" onClick={undo}>
        Undo
      </button>
    </div>
  );
}
