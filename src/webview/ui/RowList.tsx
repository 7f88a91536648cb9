import type { ComponentChildren } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { Virtualizer } from 'virtua';
import { isWriting, rowTarget } from './rowTarget';
import { useRowFocus } from './useRowFocus';

/** A line of a list. `key` is stable while rows come and go; a row's element carries it as `data-row`. */
export type ListLine =
  | { readonly kind: 'heading'; readonly key: string; readonly title: string }
  | { readonly kind: string; readonly key: string };

interface RowListProps<Line extends ListLine> {
  readonly label: string;
  readonly lines: readonly Line[];
  /** Pixels, before a row was measured. */
  readonly rowHeight: number;
  /** Where Tab leads before a row was reached; default the first one. */
  readonly tabStop?: string | undefined;
  /** A row that stays in the document wherever the list is scrolled to. */
  readonly keep?: string | undefined;
  readonly focusField: () => void;
  /** @param reached whether Tab leads here: of all rows only one is in the Tab order, the arrow keys reach the others */
  readonly children: (line: Exclude<Line, { readonly kind: 'heading' }>, reached: boolean) => ComponentChildren;
}

type Row<Line> = Exclude<Line, { readonly kind: 'heading' }>;
const isRow = <Line extends ListLine>(line: Line): line is Row<Line> => line.kind !== 'heading';

/** Rows below headings, virtual. The arrow keys, Home and End move between rows; a letter goes on writing in the field above. */
export function RowList<Line extends ListLine>(props: RowListProps<Line>) {
  const { label, lines, rowHeight, keep, focusField, children } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const ids = useMemo(() => lines.filter(isRow).map(({ key }) => key), [lines]);
  const { reached, goTo, events } = useRowFocus(scroller, ids, focusField);
  const tabStop = [reached.value, props.tabStop].find((id) => id !== undefined && ids.includes(id)) ?? ids[0];
  const kept = lines.flatMap(({ key }, index) => (key === tabStop || key === keep ? [index] : []));
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = rowTarget(event, ids, tabStop);
    if (target === 'field' || isWriting(event)) focusField();
    else if (target) goTo(target.row);
    if (target !== undefined) event.preventDefault();
    if (typeof target === 'object' && target.row === ids[0]) scroller.current?.scrollTo(0, 0);
  };
  return (
    <div ref={scroller} class="session-rows" role="list" aria-label={label} onKeyDown={onKeyDown} {...events}>
      <Virtualizer scrollRef={scroller} data={lines} itemSize={rowHeight} keepMounted={kept}>
        {(line) =>
          isRow(line) ? (
            <div key={line.key} role="listitem" aria-setsize={ids.length} aria-posinset={ids.indexOf(line.key) + 1}>
              {children(line, line.key === tabStop)}
            </div>
          ) : (
            <div key={line.key} class="session-heading" role="presentation">
              {'title' in line ? line.title : ''}
            </div>
          )
        }
      </Virtualizer>
    </div>
  );
}
