/** Where a key leads from a row of a list: another row, the field above the list, or nowhere. A letter goes on writing in the field. */
export function rowTarget(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  ids: readonly string[],
  from: string | undefined,
): { readonly row: string } | 'field' | undefined {
  const { key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const index = ids.findIndex((id) => id === from);
  if (key === 'ArrowUp' && index <= 0) return 'field';
  const steps = new Map([
    ['ArrowDown', Math.min(index + 1, ids.length - 1)],
    ['ArrowUp', index - 1],
    ['Home', 0],
    ['End', ids.length - 1],
  ]);
  const row = ids[steps.get(key) ?? -1];
  return row === undefined ? undefined : { row };
}

/** Whether a key press in a row is text for the field above. */
export function isWriting(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): boolean {
  return event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey;
}
