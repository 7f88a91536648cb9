import { assertNever } from '../util/assertNever';
import type { EventOf } from './events';
import { append, updateAt } from './transcript';
import type { SessionView, TranscriptItem } from './view';

/** What the transcript shows of checkpoints, and of going back to them. */
export function reduceRestore(
  view: SessionView,
  event: EventOf<'checkpoint' | 'restore' | 'rewound' | 'rewind_undone'>,
): SessionView {
  switch (event.type) {
    case 'checkpoint':
      return withRestorable(view);
    case 'restore':
      return event.undoes === undefined ? restored(view, event) : undone(view, event, event.undoes);
    case 'rewound':
      return rewound(view, event);
    case 'rewind_undone':
      return rewindUndone(view);
    default:
      return assertNever(event);
  }
}

/** The messages that were there when a file was changed: each of them can be gone back to. */
function withRestorable(view: SessionView): SessionView {
  const items = view.items.map((item): TranscriptItem =>
    item.kind === 'user' && !item.restorable ? { ...item, restorable: true } : item,
  );
  return { ...view, items };
}

function restored(view: SessionView, event: EventOf<'restore'>): SessionView {
  const { restoreId, messageId } = event;
  const item = { key: `restore-${restoreId}`, kind: 'restore', restoreId, messageId } as const;
  switch (event.phase) {
    case 'start':
      return append(view, { ...item, state: 'running', files: event.files, conversation: false });
    case 'end': {
      const { files, conversation } = event;
      return append(withoutRestore(view, restoreId), { ...item, state: 'done', files, conversation });
    }
    case 'failed':
      return changeRestore(view, restoreId, (known) => ({
        ...{ ...known, state: event.partly ? 'cutOff' : 'failed', error: event.error },
      }));
    default:
      return assertNever(event);
  }
}

/** The line of the restore itself says what has become of it. */
function undone(view: SessionView, event: EventOf<'restore'>, restoreId: string): SessionView {
  switch (event.phase) {
    case 'start':
      return changeRestore(view, restoreId, (item) => ({ ...item, state: 'running' }));
    case 'end':
      return changeRestore(view, restoreId, (item) => ({ ...item, state: 'undone' }));
    case 'failed':
      return append(
        changeRestore(view, restoreId, (item) => ({ ...item, state: 'done' })),
        {
          ...{ key: `restore-${event.restoreId}`, kind: 'notice', severity: 'error' },
          ...{ text: event.error.message, advice: event.error.advice },
        },
      );
    default:
      return assertNever(event);
  }
}

type RestoreItem = Extract<TranscriptItem, { readonly kind: 'restore' }>;

function changeRestore(
  view: SessionView,
  restoreId: string,
  change: (item: RestoreItem) => TranscriptItem,
): SessionView {
  const index = view.items.findLastIndex((item) => item.kind === 'restore' && item.restoreId === restoreId);
  return updateAt(view, index, (item) => (item.kind === 'restore' ? change(item) : item));
}

/** Its line stands where it came to its end: the conversation may have gone back to before where it began. */
function withoutRestore(view: SessionView, restoreId: string): SessionView {
  const isOther = (item: TranscriptItem): boolean => item.kind !== 'restore' || item.restoreId !== restoreId;
  const { setAside } = view;
  return {
    ...{ ...view, items: view.items.filter(isOther) },
    ...(setAside && { setAside: { ...setAside, items: setAside.items.filter(isOther) } }),
  };
}

function rewound(view: SessionView, event: EventOf<'rewound'>): SessionView {
  const at = view.items.findIndex((item) => item.kind === 'user' && item.messageId === event.messageId);
  if (at < 0) return view;
  return { ...view, items: view.items.slice(0, at), setAside: { at, items: view.items.slice(at) } };
}

function rewindUndone(view: SessionView): SessionView {
  const { setAside, ...rest } = view;
  if (!setAside) return view;
  const { at, items } = setAside;
  return { ...rest, items: [...view.items.slice(0, at), ...items, ...view.items.slice(at)] };
}
