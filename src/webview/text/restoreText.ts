import type { TranscriptItem } from '../../core/protocol/view';
import { assertNever } from '../../core/util/assertNever';
import { counted } from './numbers';

type RestoreItem = Extract<TranscriptItem, { readonly kind: 'restore' }>;

/** What has become of a restore, as a sentence or two. */
export function restoreText(item: RestoreItem): string {
  const files = counted(item.files, 'file', 'files');
  switch (item.state) {
    case 'running':
      return `Restoring ${files}…`;
    case 'done':
      return doneText(item);
    case 'undone':
      return `${doneText(item)} It was undone.`;
    case 'cutOff':
      return `Restoring ${files} was cut off midway. Undo brings back what was there before; going back to the same message again finishes it.`;
    case 'failed':
      return `Nothing was restored. ${item.error?.message ?? ''} ${item.error?.advice ?? ''}`.trim();
    default:
      return assertNever(item.state);
  }
}

function doneText({ files, conversation }: RestoreItem): string {
  const restored = `Restored ${counted(files, 'file', 'files')}`;
  if (!conversation) return `${restored}.`;
  return files === 0 ? 'The conversation went back to here.' : `${restored}, and the conversation went back to here.`;
}
