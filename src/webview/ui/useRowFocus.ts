import { useSignal, type ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';

/** Frames to wait for a row that the virtual list has just made: it is hidden until it was measured. */
const framesToWait = 60;
/** Frames after a change in which rows may still be moved. */
const framesToSettle = 10;

export interface RowFocus {
  /** The row to which Tab leads; undefined until one had the focus. */
  readonly reached: ReadonlySignal<string | undefined>;
  readonly goTo: (rowId: string) => void;
  /** For the element around the rows. */
  readonly events: {
    readonly onFocusIn: (event: FocusEvent) => void;
    readonly onFocusOut: (event: FocusEvent) => void;
  };
}

interface Place {
  readonly rowId: string;
  /** Which control of the row. */
  readonly part: string;
}

/**
 * Keeps the focus on its row while rows come, go and change places under it. When the row itself goes, the one that takes
 * its place gets the focus; when none is left, `leave` is called. Rows are named by `data-row`, their controls by `data-part`.
 */
export function useRowFocus(rows: RefObject<HTMLElement | null>, ids: readonly string[], leave: () => void): RowFocus {
  const reached = useSignal<string | undefined>(undefined);
  const place = useRef<Place | undefined>(undefined);
  const lastIndex = useRef(0);
  const focus = useMemo(() => {
    const goTo = (rowId: string): void => {
      place.current = { rowId, part: 'open' };
      reached.value = rowId;
      focusPart(rows, place, framesToWait);
    };
    return {
      goTo,
      events: {
        onFocusIn: ({ target }: FocusEvent) => {
          const found = target instanceof Element ? placeOf(target) : undefined;
          place.current = found;
          if (found) reached.value = found.rowId;
        },
        onFocusOut: ({ relatedTarget }: FocusEvent) => {
          // Nowhere: its row was moved, and the focus comes back to it.
          if (relatedTarget instanceof Node && !rows.current?.contains(relatedTarget)) place.current = undefined;
        },
      },
    };
  }, [reached, rows]);
  const restore = (): void => {
    if (!place.current || !isNowhere()) return;
    const here = ids.includes(place.current.rowId);
    const next = here ? place.current.rowId : ids[Math.min(lastIndex.current, ids.length - 1)];
    if (next === undefined) leave();
    else if (here) focusPart(rows, place, framesToWait);
    else focus.goTo(next);
  };
  useLayoutEffect(() => {
    // In a moment: the rows that draw themselves anew come after this component, and the virtual list moves them once they are measured.
    queueMicrotask(restore);
    let frames = framesToSettle;
    const look = (): void => {
      restore();
      if (--frames > 0) frame = requestAnimationFrame(look);
    };
    let frame = requestAnimationFrame(look);
    const index = ids.indexOf(reached.value ?? '');
    if (index >= 0) lastIndex.current = index;
    return () => cancelAnimationFrame(frame);
  });
  return { reached, ...focus };
}

function placeOf(element: Element): Place | undefined {
  const rowId = element.closest<HTMLElement>('[data-row]')?.dataset['row'];
  const part = element.closest<HTMLElement>('[data-part]')?.dataset['part'] ?? 'open';
  return rowId === undefined ? undefined : { rowId, part };
}

/** Whether nothing has the focus: the control that had it was taken away or moved. */
function isNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

function hasFocus(rows: RefObject<HTMLElement | null>): boolean {
  return rows.current?.contains(document.activeElement) === true;
}

function focusPart(rows: RefObject<HTMLElement | null>, place: RefObject<Place | undefined>, frames: number): void {
  const wanted = place.current;
  if (!wanted) return;
  const row = rows.current?.querySelector(`[data-row="${CSS.escape(wanted.rowId)}"]`);
  const control =
    row?.querySelector<HTMLElement>(`[data-part="${wanted.part}"]`) ?? row?.querySelector<HTMLElement>('[data-part]');
  control?.focus();
  if (control && document.activeElement === control) return;
  if (frames > 0)
    requestAnimationFrame(() => {
      // Whoever went somewhere else meanwhile is not called back.
      if (place.current === wanted && (isNowhere() || hasFocus(rows))) focusPart(rows, place, frames - 1);
    });
}
