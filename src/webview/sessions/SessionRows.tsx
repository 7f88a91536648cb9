import type { AgentId } from '../../core/protocol/ids';
import type { ListEntry } from '../models/sessionGroups';
import { usePanel } from '../ui/panelContext';
import { RowList } from '../ui/RowList';
import { SessionRow } from './SessionRow';

interface RowsProps {
  readonly entries: readonly ListEntry[];
  readonly shownId: AgentId | undefined;
  readonly query: string;
  readonly onOpen: (sessionId: AgentId) => void;
  readonly focusField: () => void;
}
const rowHeight = 30;

/** The found sessions. A name that is being typed is not lost when its row is scrolled away. */
export function SessionRows({ entries, shownId, query, onOpen, focusField }: RowsProps) {
  const { renaming } = usePanel().sessionSearch;
  const keep = renaming.value?.sessionId;
  return (
    <RowList {...{ label: 'Sessions', lines: entries, rowHeight, tabStop: shownId, keep, focusField }}>
      {({ key, row, time }, reached) => (
        <SessionRow {...{ row, reached, query, time }} shown={key === shownId} onOpen={() => onOpen(row.sessionId)} />
      )}
    </RowList>
  );
}
