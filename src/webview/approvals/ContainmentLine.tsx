import type { ApprovalSubject, Containment } from '../../core/protocol/toolCalls';
import { visibleProse } from '../text/visibleText';
import { Icon } from '../ui/icons';
import { containmentIcons } from '../text/containmentText';

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

function lineOf({ level, files, network }: Containment): string {
  if (level === 'none') return 'Not held by a sandbox: it can do whatever you can.';
  const held = level === 'os' ? 'Held by the system’s sandbox.' : 'Only partly held by the system’s sandbox.';
  return visibleProse([held, files, network].filter((text) => text !== '').join(' '));
}
