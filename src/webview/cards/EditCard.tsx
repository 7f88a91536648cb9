import { useEffect, useRef } from 'preact/hooks';
import type { FileChangePreview } from '../../core/protocol/toolCalls';
import type { Unread } from '../approvals/useWholeText';
import { visibleText } from '../text/visibleText';
import { usePanel } from '../ui/panelContext';
import { ChangeCounts } from './ChangeCounts';
import { DiffBox } from './DiffBox';
import { PathText } from './PathText';

interface EditProps {
  readonly files: readonly FileChangePreview[];
  /** Called when more of it has been in sight. */
  readonly onSeen?: (unread: Unread) => void;
}

/** What an edit would do to each of its files. */
export function EditCard({ files, onSeen }: EditProps) {
  const unread = useRef<readonly Unread[]>(files.map(atFirst));
  const report = (): void => onSeen?.(firstOf(unread.current));
  useEffect(report, []);
  return (
    <div class="edit-files">
      {files.map((file, index) => (
        <FileDiff
          key={file.path}
          file={file}
          onSeen={(left) => {
            unread.current = unread.current.with(index, left ?? (isWhole(file) ? undefined : 'diff'));
            report();
          }}
        />
      ))}
    </div>
  );
}

/** Whether there is something to look at before the change can be approved. */
export function changesNeedReading(files: readonly FileChangePreview[]): boolean {
  return files.some((file) => atFirst(file) !== undefined);
}

function atFirst(file: FileChangePreview): Unread {
  if (file.diff !== '') return 'unknown';
  return isWhole(file) ? undefined : 'diff';
}

function isWhole({ hidden, truncated }: FileChangePreview): boolean {
  return hidden !== true && !truncated;
}

/** What can be read here comes before what only the editor shows. */
function firstOf(unread: readonly Unread[]): Unread {
  return (['unknown', 'beginning', 'end', 'diff'] as const).find((left) => unread.includes(left));
}

const kindWords: Readonly<Record<FileChangePreview['kind'], string>> = { create: 'new', modify: '', delete: 'deleted' };

interface FileProps {
  readonly file: FileChangePreview;
  readonly onSeen: (unread: Unread) => void;
}

function FileDiff({ file, onSeen }: FileProps) {
  const panel = usePanel();
  const word = kindWords[file.kind];
  return (
    <div class="edit-file">
      <div class="edit-file-head">
        <button
          type="button"
          class="path-button"
          title={`Open ${visibleText(file.path)}`}
          onClick={() => panel.post({ type: 'file.open', path: file.path })}
        >
          <PathText path={file.path} />
        </button>
        {word !== '' && <span class="file-kind">{word}</span>}
        <ChangeCounts additions={file.additions} deletions={file.deletions} />
      </div>
      {file.diff !== '' && <DiffBox diff={file.diff} label={`Changes of ${visibleText(file.path)}`} onSeen={onSeen} />}
      {file.hidden === true && (
        <p class="fine-print">
          It may hold secrets, so its text is not kept with the session: show the diff to see it.
        </p>
      )}
      {file.hidden !== true && file.truncated && (
        <p class="fine-print">There is more: show the diff to see all of it.</p>
      )}
    </div>
  );
}
