import type { ApprovalSubject } from '../../core/protocol/toolCalls';
import { visibleProse, visibleText } from '../text/visibleText';

/** Which subagent asks, and what it was given to do; all of the task stands in the tooltip. */
export function AskedBy({ from }: { readonly from: NonNullable<ApprovalSubject['from']> }) {
  return (
    <p class="asked-by" title={visibleText(from.task)}>
      <span>
        Asked by the subagent <b>{visibleText(from.templateId)}</b>, which works on:
      </span>
      <span class="asked-for">{visibleProse(from.task)}</span>
    </p>
  );
}
