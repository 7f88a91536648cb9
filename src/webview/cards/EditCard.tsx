import { useMemo } from 'preact/hooks';
import type { FileChangePreview } from '../../core/protocol/toolCalls';
import { diffLines, type DiffLine } from '../text/diffLines';
import { visibleText } from '../text/visibleText';
import { usePanel } from '../ui/panelContext';
import { ChangeCounts } from './ChangeCounts';
import { PathText } from './PathText';

/** What an edit would do to each of its files. */
export function EditCard({ files }: { readonly files: readonly FileChangePreview[] }) {
  return (
    <div class="edit-files">
      {files.map((file) => (
        <FileDiff key={file.path} file={file} />
      ))}
    </div>
  );
}

const kindWords: Readonly<Record<FileChangePreview['kind'], string>> = { create: 'new', modify: '', delete: 'deleted' };
const signs: Readonly<Record<DiffLine['kind'], string>> = {
  added: '+',
  removed: '-',
  context: ' ',
  hunk: '',
  note: '',
};

function FileDiff({ file }: { readonly file: FileChangePreview }) {
  const panel = usePanel();
  const lines = useMemo(() => diffLines(file.diff), [file.diff]);
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
      {lines.length > 0 && (
        <div class="diff" tabIndex={0} role="group" aria-label={`Changes of ${visibleText(file.path)}`}>
          <div class="diff-lines">
            {lines.map((line, index) => (
              <div key={index} class={`diff-line ${line.kind}`}>
                <span class="diff-sign">{signs[line.kind]}</span>
                <span class="diff-text">{visibleText(line.text)}</span>
              </div>
            ))}
          </div>
        </div>
      )}
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
