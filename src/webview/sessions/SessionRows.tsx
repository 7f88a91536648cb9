import { useMemo, useRef } from 'preact/hooks';
import { Virtualizer } from 'virtua';
import type { AgentId } from '../../core/protocol/ids';
import type { ListEntry } from '../models/sessionGroups';
import { usePanel } from '../ui/panelContext';
import { SessionRow } from './SessionRow';
import { useRowFocus } from './useRowFocus';

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
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = targetOf(event.key, ids, tabStop);
    if (target === 'field' || (event.key.length === 1 && event.key !== ' ')) focusField();
    else if (target === undefined) return;
    else goTo(target);
    if (target !== undefined) event.preventDefault();
    if (target === ids[0]) scroller.current?.scrollTo(0, 0);
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

function targetOf(key: string, ids: readonly string[], from: string | undefined): string | undefined {
  const index = ids.findIndex((id) => id === from);
  switch (key) {
    case 'ArrowDown':
      return ids[Math.min(index + 1, ids.length - 1)];
    case 'ArrowUp':
      return index <= 0 ? 'field' : ids[index - 1];
    case 'Home':
      return ids[0];
    case 'End':
      return ids.at(-1);
    default:
      return undefined;
  }
}
