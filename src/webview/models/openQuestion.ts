import { isFinal } from '../../core/protocol/toolCalls';
import type { ApprovalView, TranscriptItem } from '../../core/protocol/view';

/** The question that waits for an answer here; a call that came to its end otherwise (cut off, withdrawn) asks nothing any more. */
export function openQuestion(item: TranscriptItem): ApprovalView | undefined {
  if (item.kind !== 'tool' || item.approval?.decision !== undefined || isFinal(item.call.state)) return undefined;
  return item.approval;
}
