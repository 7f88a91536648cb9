import { useRef } from 'preact/hooks';
import type { PendingFileView } from '../../core/protocol/view';
import { ChangeCounts } from '../cards/ChangeCounts';
import { PathText } from '../cards/PathText';
import { visibleText } from '../text/visibleText';
import { IconButton } from '../ui/Button';
import { usePanel } from '../ui/panelContext';

interface PendingRowProps {
  readonly file: PendingFileView;
  /** No other file waits: with it the whole list goes. */
  readonly last: boolean;
}

/** One file that waits to be reviewed: what was done to it, the way to it, and its answers. */
export function PendingRow({ file, last }: PendingRowProps) {
  const panel = usePanel();
  const row = useRef<HTMLLIElement>(null);
  const { path } = file;
  const name = visibleText(path);
  const word = wordOf(file);
  const decide = (decision: 'accept' | 'reject'): void => {
    panel.post({ type: 'review.decide', decision, path });
    if (last) panel.focusComposer();
    else (row.current?.nextElementSibling ?? row.current?.previousElementSibling)?.querySelector('button')?.focus();
  };
  return (
    <li class="pending-file" ref={row}>
      <button
        type="button"
        class="pending-open"
        title={file.movedFrom === undefined ? name : `${visibleText(file.movedFrom)} → ${name}`}
        onClick={() => panel.post({ type: 'review.show', path })}
      >
        <span class="visually-hidden">Open </span>
        <PathText path={path} />
        <span class="pending-what">
          {word !== '' && <span>{word}</span>}
          <ChangeCounts {...file} />
        </span>
      </button>
      <IconButton icon="check" label={`Accept ${name}`} onClick={() => decide('accept')} />
      <IconButton icon="close" label={`Reject ${name}`} onClick={() => decide('reject')} />
    </li>
  );
}

function wordOf({ kind, movedFrom, gone }: PendingFileView): string {
  if (gone) return 'gone from disk';
  if (movedFrom !== undefined) return 'renamed';
  return { modified: '', created: 'new', deleted: 'deleted' }[kind];
}
