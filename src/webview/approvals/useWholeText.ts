import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** What of a text has not been in sight yet; 'unknown' until the first look, 'diff' what only the editor shows. Undefined: nothing, it was read. */
export type Unread = 'unknown' | 'beginning' | 'end' | 'diff' | undefined;

/** Watches the first and the last child of a box: each was read when it has once been in sight, within the box and the panel. */
export function useWholeText<Box extends HTMLElement>(report: (unread: Unread) => void): RefObject<Box | null> {
  const box = useRef<Box>(null);
  const latest = useRef(report);
  latest.current = report;
  useEffect(() => {
    const first = box.current?.firstElementChild;
    const last = box.current?.lastElementChild;
    if (!first || !last) return undefined;
    const unseen = new Set<Element>([first, last]);
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) if (isIntersecting) unseen.delete(target);
      latest.current(unseen.has(first) ? 'beginning' : unseen.has(last) ? 'end' : undefined);
      if (unseen.size === 0) observer.disconnect();
    });
    for (const end of unseen) observer.observe(end);
    return () => observer.disconnect();
  }, []);
  return box;
}
