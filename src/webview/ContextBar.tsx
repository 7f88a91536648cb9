import type { ContextUsage } from '../core/protocol/usage';
import { contextText } from './text/spendingText';

/** How full the model's window is, with a mark where the conversation is compacted. */
export function ContextBar({ context }: { readonly context: ContextUsage }) {
  const { percent, title, tone } = contextText(context);
  const markAt = Math.min(100, (context.compactAtTokens / context.windowTokens) * 100);
  return (
    <div
      class={`context-meter ${tone}`}
      role="meter"
      aria-label="Context"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={title}
      title={title}
    >
      <svg class="context-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <rect class="context-room" x="0" y="1" width="100" height="4" />
        <rect class="context-fill" x="0" y="1" width={percent} height="4" />
        <rect class="context-mark" x={markAt} y="0" width="2" height="6" />
      </svg>
      <span>{percent} %</span>
    </div>
  );
}
