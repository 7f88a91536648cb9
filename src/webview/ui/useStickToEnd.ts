import { useSignal, type ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { VirtualizerHandle } from 'virtua';

/** So near to the end counts as being there, in pixels. */
const endTolerance = 24;
/** A scroll this soon after an input is the person's, in milliseconds; any other comes from growing content. */
const inputWindowMs = 400;

export interface StickToEnd {
  readonly sticking: ReadonlySignal<boolean>;
  readonly jumpToEnd: () => void;
  /** For the scrolling element. */
  readonly userInput: {
    readonly onWheel: () => void;
    readonly onTouchMove: () => void;
    readonly onPointerDown: () => void;
    readonly onKeyDown: () => void;
    readonly onClickCapture: (event: MouseEvent) => void;
  };
  /** For the virtual list. */
  readonly listEvents: { readonly onScroll: () => void; readonly onResize: () => void };
}

/**
 * Keeps a virtual list at its end until the person scrolls away, and again once they are back. A new message of theirs
 * (`messageCount` rises) brings them to the end, unfolding a card lets them stay where they read. While `held`, nothing
 * moves by itself: the person decides something there.
 */
export function useStickToEnd(
  list: RefObject<VirtualizerHandle | null>,
  rowCount: number,
  messageCount: number,
  held: boolean,
): StickToEnd {
  const sticking = useSignal(true);
  const lastInput = useRef(-Infinity);
  const lastRow = useLatest(rowCount - 1);
  const isHeld = useLatest(held);
  const stuck = useMemo(() => {
    const toEnd = (): void => list.current?.scrollToIndex(lastRow.current, { align: 'end' });
    const stayAtEnd = (): void => {
      if (sticking.peek() && !isHeld.current) toEnd();
    };
    const isAtEnd = (): boolean => {
      const handle = list.current;
      return !handle || handle.scrollSize - handle.viewportSize - handle.scrollOffset < endTolerance;
    };
    const noteInput = (): void => {
      lastInput.current = performance.now();
    };
    return {
      toEnd,
      stayAtEnd,
      userInput: {
        onWheel: noteInput,
        onTouchMove: noteInput,
        onPointerDown: noteInput,
        onKeyDown: noteInput,
        onClickCapture: (event: MouseEvent) => {
          if (event.target instanceof Element && event.target.closest('[aria-expanded="false"]'))
            sticking.value = false;
        },
      },
      listEvents: {
        onScroll: () => {
          if (isAtEnd()) sticking.value = true;
          else if (performance.now() - lastInput.current < inputWindowMs) {
            sticking.value = false;
            noteInput(); // dragging the scroll bar sends no further input
          }
        },
        onResize: () => {
          if (sticking.peek()) stayAtEnd();
          else if (isAtEnd()) sticking.value = true;
        },
      },
    };
  }, [list, sticking]);
  useLayoutEffect(() => {
    sticking.value = true;
  }, [sticking, messageCount]);
  useLayoutEffect(stuck.stayAtEnd);
  const jumpToEnd = (): void => {
    sticking.value = true;
    stuck.toEnd();
  };
  return { sticking, jumpToEnd, userInput: stuck.userInput, listEvents: stuck.listEvents };
}

/** What the last drawing was given, for listeners that outlive it. */
function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef(value);
  latest.current = value;
  return latest;
}
