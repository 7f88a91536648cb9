import type { SessionRow as Row } from '../../core/protocol/view';
import { IconButton } from '../ui/Button';
import { Icon } from '../ui/icons';
import { Marked } from '../ui/Marked';
import { usePanel } from '../ui/panelContext';
import { RenameField } from './RenameField';
import { sessionState } from './sessionState';

interface RowProps {
  readonly row: Row;
  /** Whether it is the session that the panel shows. */
  readonly shown: boolean;
  /** Whether Tab leads here: of all rows only one is in the Tab order, the arrow keys reach the others. */
  readonly reached: boolean;
  readonly query: string;
  readonly time: string;
  readonly onOpen: () => void;
}

/** A session in the list: state, title, time, what else is to know, and what can be done with it. */
export function SessionRow(props: RowProps) {
  const { row, shown } = props;
  const { sessionSearch } = usePanel();
  const renaming = sessionSearch.renaming.value?.sessionId === row.sessionId;
  return (
    <div class={`session-row ${shown ? 'active' : ''}`} data-row={row.sessionId}>
      {renaming ? (
        <RenameField row={row} />
      ) : (
        <>
          <OpenButton {...props} />
          <RowActions row={row} tabIndex={props.reached ? 0 : -1} />
        </>
      )}
    </div>
  );
}

function OpenButton({ row, shown, reached, query, time, onOpen }: RowProps) {
  const state = sessionState(row);
  return (
    <button
      type="button"
      class="session"
      data-part="open"
      tabIndex={reached ? 0 : -1}
      aria-current={shown ? 'true' : undefined}
      title={row.title}
      onClick={onOpen}
    >
      <Icon name={state.icon} className={state.attention ? 'state-attention' : 'state-quiet'} />
      <span class="session-text">
        <span class="session-line">
          <span class="session-title">
            <Marked text={row.title} query={query} />
          </span>
          {row.pinned && (
            <span class="session-pin">
              <Icon name="pin" />
              <span class="visually-hidden">Pinned</span>
            </span>
          )}
          <span class="session-time">{time}</span>
        </span>
        <Details row={row} word={state.word} />
        {row.match !== undefined && (
          <span class="session-match">
            <Marked text={row.match} query={query} />
          </span>
        )}
      </span>
    </button>
  );
}

function Details({ row, word }: { readonly row: Row; readonly word: string }) {
  if (word === '' && !row.held && row.folder === undefined) return null;
  return (
    <span class="session-details">
      {word !== '' && <span class="session-detail">{word}</span>}
      {row.held && (
        <span class="session-detail">
          <Icon name="window" />
          In another window
        </span>
      )}
      {row.folder !== undefined && (
        <span class="session-detail session-folder">
          <Icon name="folder" />
          <span class="visually-hidden">Folder </span>
          <span>{row.folder}</span>
        </span>
      )}
    </span>
  );
}

function RowActions({ row, tabIndex }: { readonly row: Row; readonly tabIndex: number }) {
  const { sessionSearch } = usePanel();
  const { sessionId, title, pinned } = row;
  return (
    <div class="session-actions">
      <IconButton
        icon={pinned ? 'unpin' : 'pin'}
        label={`${pinned ? 'Unpin' : 'Pin'} ${title}`}
        part="pin"
        tabIndex={tabIndex}
        onClick={() => sessionSearch.pin(sessionId, !pinned)}
      />
      <IconButton
        icon="edit"
        label={`Rename ${title}`}
        part="rename"
        tabIndex={tabIndex}
        onClick={() => (sessionSearch.renaming.value = { sessionId, title })}
      />
      <IconButton
        icon="trash"
        label={`Delete ${title}`}
        part="delete"
        tabIndex={tabIndex}
        onClick={() => sessionSearch.remove(sessionId)}
      />
    </div>
  );
}
