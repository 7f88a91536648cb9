import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { PermissionId } from '../../core/protocol/ids';
import { useWholeText, type Unread } from '../approvals/useWholeText';
import { TextNotes } from '../ui/TextNotes';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';
import { planBlocks } from './planBlocks';
import { PlanBlockView } from './PlanBlockView';

interface PlanTextProps {
  readonly permissionId: PermissionId;
  /** As the agent wrote it. */
  readonly text: string;
  readonly unread: Unread;
  readonly onSeen: (unread: Unread) => void;
}

/** A waiting plan as the user left it, piece by piece, with what they say to each. */
export function PlanText({ permissionId, text, unread, onSeen }: PlanTextProps) {
  const panel = usePanel();
  const box = useWholeText<HTMLDivElement>(onSeen);
  const draft = panel.app.value?.plan;
  const changed = draft?.permissionId === permissionId && draft.text !== text ? draft.text : undefined;
  const shown = changed ?? text;
  const blocks = useMemo(() => planBlocks(shown), [shown]);
  /** The piece whose button is in the Tab order; the arrow keys reach the others. */
  const reached = useSignal(0);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || !(event.target instanceof HTMLElement) || !event.target.matches('.plan-comment-button')) return;
    event.preventDefault();
    const buttons = Array.from(box.current?.querySelectorAll<HTMLElement>('.plan-comment-button') ?? []);
    buttons[Math.min(Math.max(buttons.indexOf(event.target) + step, 0), buttons.length - 1)]?.focus();
  };
  return (
    <>
      <div
        ref={box}
        class="plan-text"
        tabIndex={0}
        role="group"
        aria-label={unread === 'end' ? 'Plan. Scroll to its end to go on.' : 'Plan'}
        onKeyDown={onKeyDown}
      >
        <span />
        {blocks.map((block, index) => (
          <PlanBlockView
            key={`${block.line} ${block.quote}`}
            permissionId={permissionId}
            block={block}
            inTabOrder={index === Math.min(reached.value, blocks.length - 1)}
            onReached={() => (reached.value = index)}
          />
        ))}
        <span />
      </div>
      {changed !== undefined && (
        <p class="plan-changed">
          <Icon name="edit" />
          Shown as you have changed it.
        </p>
      )}
      <TextNotes text={shown} source />
    </>
  );
}
