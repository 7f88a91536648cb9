import type { ApprovalView } from '../../core/protocol/view';
import { Markdown } from '../markdown/Markdown';
import { visibleProse } from '../text/visibleText';

/** A plan that was answered: what was agreed to, and all that the user said to it. */
export function PlanRecord({ text, approval }: { readonly text: string; readonly approval: ApprovalView }) {
  const { note } = approval;
  return (
    <div class="plan-record">
      <Markdown text={text} open={false} />
      {note?.includes('\n') && (
        <details>
          <summary>Your answer as the agent reads it</summary>
          <pre class="plan-answer" tabIndex={0}>
            {visibleProse(note)}
          </pre>
        </details>
      )}
    </div>
  );
}
