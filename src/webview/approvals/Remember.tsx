import { useEffect } from 'preact/hooks';
import type { RuleScope, RuleSubject } from '../../core/protocol/toolCalls';
import { RuleText } from '../rules/RuleText';
import { visibleText } from '../text/visibleText';
import { Button } from '../ui/Button';
import { useArmed } from './useArmed';

interface RememberProps {
  readonly rules: readonly RuleSubject[];
  /** Files that the agent changed unseen: they count as reviewed then. */
  readonly unreviewed: readonly string[];
  /** Whether the question can be answered. */
  readonly ready: boolean;
  readonly onRemember: (scope: RuleScope) => void;
}

/** Approving for later too: word for word what would run unasked, and for how long. */
export function Remember({ rules, unreviewed, ready, onRemember }: RememberProps) {
  const { element, inSight } = useArmed();
  useEffect(() => {
    // After the list has measured the card anew.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => element.current?.scrollIntoView({ block: 'nearest' }));
    });
    return () => cancelAnimationFrame(frame);
  }, [element]);
  const disabled = !ready || !inSight.value;
  const className = ready ? '' : 'unread';
  return (
    <div class="remember" role="group" aria-label="Don’t ask again">
      <p>Approve, and from now on allow unasked exactly {rules.length === 1 ? 'this' : 'these'}, nothing wider:</p>
      <ul>
        {rules.map((rule, index) => (
          <li key={index}>
            <RuleText rule={rule} />
          </li>
        ))}
      </ul>
      {unreviewed.length > 0 && (
        <p>The agent’s changes in {visibleText(unreviewed.join(', '))} count as reviewed then.</p>
      )}
      <div class="actions" ref={element}>
        <Button className={className} disabled={disabled} onClick={() => onRemember('session')}>
          Allow for this session
        </Button>
        <Button className={className} disabled={disabled} onClick={() => onRemember('workspace')}>
          Allow in this workspace
        </Button>
      </div>
    </div>
  );
}
