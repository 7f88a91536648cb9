import { useMemo, useRef } from 'preact/hooks';
import { Virtualizer } from 'virtua';
import type { AgentId } from '../../core/protocol/ids';
import type { ListEntry } from '../models/sessionGroups';
import { usePanel } from '../ui/panelContext';
import { isWriting, rowTarget } from '../ui/rowTarget';
import { useRowFocus } from '../ui/useRowFocus';
import { SessionRow } from './SessionRow';

interface RowsProps {
  readonly entries: readonly ListEntry[];
  readonly shownId: AgentId | undefined;
  readonly query: string;
  readonly onOpen: (sessionId: AgentId) => void;
  readonly focusField: () => void;
}
const rowHeight = 30;

/** The found sessions in a virtual list. The arrow keys, Home and End move between rows; a letter goes on writing in the field. */
export function SessionRows({ entries, shownId, query, onOpen, focusField }: RowsProps) {
  const { renaming } = usePanel().sessionSearch;
  const scroller = useRef<HTMLDivElement>(null);
  const ids = useMemo(() => entries.flatMap((entry) => (entry.kind === 'session' ? [entry.key] : [])), [entries]);
  const { reached, goTo, events } = useRowFocus(scroller, ids, focusField);
  const tabStop = [reached.value, shownId].find((id) => id !== undefined && ids.includes(id)) ?? ids[0];
  const kept = entries.flatMap(({ key }, index) =>
    key === tabStop || key === renaming.value?.sessionId ? [index] : [],
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = rowTarget(event, ids, tabStop);
    if (target === 'field' || isWriting(event)) focusField();
    else if (target) goTo(target.row);
    if (target !== undefined) event.preventDefault();
    if (typeof target === 'object' && target.row === ids[0]) scroller.current?.scrollTo(0, 0);
  };
  return (
    <div ref={scroller} class="session-rows" role="list" aria-label="Sessions" onKeyDown={onKeyDown} {...events}>
      <Virtualizer scrollRef={scroller} data={entries} itemSize={rowHeight} keepMounted={kept}>
        {(entry) =>
          entry.kind === 'heading' ? (
            <div key={entry.key} class="session-heading" role="presentation">
              {entry.title}
            </div>
          ) : (
            <div key={entry.key} role="listitem" aria-setsize={ids.length} aria-posinset={ids.indexOf(entry.key) + 1}>
              <SessionRow
                row={entry.row}
                shown={entry.key === shownId}
                reached={entry.key === tabStop}
                query={query}
                time={entry.time}
                onOpen={() => onOpen(entry.row.sessionId)}
              />
            </div>
          )
        }
      </Virtualizer>
    </div>
  );
}
