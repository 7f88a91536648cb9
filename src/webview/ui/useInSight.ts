import { useSignal, type ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** What `useInSight` gives. */
export interface InSight<Watched extends HTMLElement> {
  /** Goes on the element that is watched. */
  readonly element: RefObject<Watched | null>;
  /** True while the element has been in sight, as good as whole, for that long. */
  readonly inSight: ReadonlySignal<boolean>;
}

/** Tells whether an element is what a person looks at, not only somewhere in the document. @param forMs milliseconds */
export function useInSight<Watched extends HTMLElement = HTMLDivElement>(forMs: number): InSight<Watched> {
  const element = useRef<Watched>(null);
  const inSight = useSignal(false);
  useEffect(() => {
    if (!element.current) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const leave = (): void => {
      clearTimeout(timer);
      timer = undefined;
      inSight.value = false;
    };
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.at(-1)?.isIntersecting !== true) leave();
        else timer ??= setTimeout(() => (inSight.value = true), forMs);
      },
      { threshold: 0.9 },
    );
    observer.observe(element.current);
    return () => {
      observer.disconnect();
      leave();
    };
  }, [inSight, forMs]);
  return { element, inSight };
}
