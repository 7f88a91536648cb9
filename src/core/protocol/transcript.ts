import type { SessionView, TranscriptItem } from './view';

export function append(view: SessionView, item: TranscriptItem): SessionView {
  return { ...view, items: [...view.items, item] };
}

export function withoutRetry(view: SessionView): SessionView {
  if (!view.retry) return view;
  const { retry: _retry, ...rest } = view;
  return rest;
}

/** An interrupted stream leaves its last block open: the end of the turn closes it. */
export function closeOpenItems(view: SessionView): SessionView {
  if (!view.items.some((item) => closed(item) !== item)) return view;
  return { ...view, items: view.items.map(closed) };
}

function closed(item: TranscriptItem): TranscriptItem {
  if ((item.kind === 'answer' || item.kind === 'thinking') && item.open) return { ...item, open: false };
  if (item.kind === 'restore' && item.state === 'running') return { ...item, state: 'cutOff' };
  return item.kind === 'compaction' && item.state === 'running' ? { ...item, state: 'stopped' } : item;
}

export type ItemOf<Kind extends TranscriptItem['kind']> = Extract<TranscriptItem, { readonly kind: Kind }>;

export function updateLast<Kind extends 'answer' | 'thinking'>(
  view: SessionView,
  kind: Kind,
  change: (item: ItemOf<Kind>) => TranscriptItem,
): SessionView {
  return updateAt(
    view,
    view.items.findLastIndex((item) => item.kind === kind && item.open),
    (item) => (isKind(item, kind) ? change(item) : item),
  );
}

export function updateTool(
  view: SessionView,
  callId: string,
  change: (item: ItemOf<'tool'>) => TranscriptItem,
): SessionView {
  return updateAt(
    view,
    view.items.findLastIndex((item) => item.kind === 'tool' && item.callId === callId),
    (item) => (isKind(item, 'tool') ? change(item) : item),
  );
}

export function updateAt(
  view: SessionView,
  index: number,
  change: (item: TranscriptItem) => TranscriptItem,
): SessionView {
  const item = view.items[index];
  if (!item) return view;
  const items = view.items.slice();
  items[index] = change(item);
  return { ...view, items };
}

export function isKind<Kind extends TranscriptItem['kind']>(item: TranscriptItem, kind: Kind): item is ItemOf<Kind> {
  return item.kind === kind;
}
