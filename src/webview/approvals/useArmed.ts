import { useEffect } from 'preact/hooks';
import { usePanel } from '../ui/panelContext';
import { useInSight, type InSight } from '../ui/useInSight';

/** A click that was meant for what stood here before must not decide: buttons answer only after being in sight so long. */
const armedAfterMs = 300;

/** Watches the answers of a question: whether they were in sight for long enough to be meant. */
export function useArmed(): InSight<HTMLDivElement> {
  const { cards } = usePanel();
  const watched = useInSight(armedAfterMs);
  const inSight = watched.inSight.value;
  useEffect(() => {
    if (!inSight) return undefined;
    cards.answersInSight.value += 1;
    return () => {
      cards.answersInSight.value -= 1;
    };
  }, [cards, inSight]);
  return watched;
}
