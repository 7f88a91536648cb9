import type { ApprovalSubject, Containment } from '../../core/protocol/toolCalls';
import { visibleProse } from '../text/visibleText';
import { Icon } from '../ui/icons';
import { containmentIcons, shortContainment } from '../text/containmentText';

type Command = Extract<ApprovalSubject, { readonly kind: 'command' }>;

/** What holds this command while it runs, in one line. */
export function ContainmentLine({ subject: { containment, outside } }: { readonly subject: Command }) {
  if (outside)
    return (
      <p class="containment warn">
        <Icon name="alert" />
        <span>
          <b>Runs once outside of the sandbox.</b> It can do whatever you can.
        </span>
      </p>
    );
  if (!containment) return null;
  return (
    <p class={`containment ${containment.level}`}>
      <Icon name={containmentIcons[containment.level]} />
      <span>{lineOf(containment)}</span>
    </p>
  );
}

function lineOf(containment: Containment): string {
  if (containment.level === 'none') return 'Not held by a sandbox: it can do whatever you can.';
  return visibleProse(`${heldWords[containment.level]}: ${shortContainment(containment)}.`);
}

const heldWords = { os: 'Held by the system’s sandbox', partial: 'Only partly held by the system’s sandbox' };
