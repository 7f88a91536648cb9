import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** When what this control opened is closed again, and the focus was in it, the control gets the focus back. */
export function useFocusBack(isOpen: boolean, control: RefObject<HTMLElement | null>): void {
  const wasOpen = useRef(false);
  useLayoutEffect(() => {
    // In a moment: then what was open is gone, and the focus with it, unless the composer took it.
    if (wasOpen.current && !isOpen)
      queueMicrotask(() => document.activeElement === document.body && control.current?.focus());
    wasOpen.current = isOpen;
  }, [isOpen, control]);
}
