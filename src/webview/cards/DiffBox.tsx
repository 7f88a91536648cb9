import { useMemo } from 'preact/hooks';
import { useWholeText, type Unread } from '../approvals/useWholeText';
import { diffLines, type DiffLine } from '../text/diffLines';
import { visibleSourceLine } from '../text/visibleLines';
import { TextNotes } from '../ui/TextNotes';
import { VisibleParts } from '../ui/VisibleParts';

const signs: Readonly<Record<DiffLine['kind'], string>> = {
  added: '+',
  removed: '-',
  context: ' ',
  hunk: '',
  note: '',
};

interface DiffProps {
  /** Not empty. */
  readonly diff: string;
  readonly label: string;
  /** Called when more of it has been in sight. */
  readonly onSeen: (unread: Unread) => void;
}

/** A unified diff in a box that scrolls down, never aside: nothing of a line is out of sight. */
export function DiffBox({ diff, label, onSeen }: DiffProps) {
  const box = useWholeText<HTMLDivElement>(onSeen);
  const lines = useMemo(() => diffLines(diff), [diff]);
  const added = useMemo(
    () =>
      lines
        .filter(({ kind }) => kind === 'added')
        .map(({ text }) => text)
        .join('\n'),
    [lines],
  );
  return (
    <>
      <div ref={box} class="diff" tabIndex={0} role="group" aria-label={label}>
        <div />
        {lines.map((line, index) => (
          <div key={index} class={`diff-line ${line.kind}`}>
            <span class="diff-sign">{signs[line.kind]}</span>
            <span class="diff-text">
              <VisibleParts parts={visibleSourceLine(line.text)} />
            </span>
          </div>
        ))}
        <div />
      </div>
      <TextNotes text={added} source />
    </>
  );
}
