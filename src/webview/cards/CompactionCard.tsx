import { assertNever } from '../../core/util/assertNever';
import { Markdown } from '../markdown/Markdown';
import { shortCount } from '../text/numbers';
import { Icon } from '../ui/icons';
import { usePanel } from '../ui/panelContext';
import type { ItemOf } from './itemOf';

/** Where the older part of the conversation was summed up: that it happens, what it brought, and the summary for who wants to read it. */
export function CompactionCard({ item }: { readonly item: ItemOf<'compaction'> }) {
  switch (item.state) {
    case 'running':
      return (
        <p class="working">
          <vscode-progress-ring />
          Summing up the conversation…
        </p>
      );
    case 'done':
      return <Done item={item} />;
    case 'failed':
      return (
        <div class="notice warn">
          <Icon name="alert" />
          <p>
            <strong>The conversation could not be summed up.</strong> {item.error?.message} {item.error?.advice}
          </p>
        </div>
      );
    case 'stopped':
      return (
        <p class="turn-end">
          <Icon name="pause" />
          Summing up was stopped. The conversation is as it was.
        </p>
      );
    default:
      return assertNever(item.state);
  }
}

function Done({ item: { key, summary = '', tokensBefore, tokensAfter = 0 } }: { readonly item: ItemOf<'compaction'> }) {
  const unfolded = usePanel().cards.unfolded(key);
  const open = unfolded.value ?? false;
  return (
    <div class="thinking compaction">
      <button
        type="button"
        class="fold"
        aria-expanded={open}
        title="The model goes on with a summary of the older part. All of it stays in the session and can be searched."
        onClick={() => (unfolded.value = !open)}
      >
        <Icon name="squeeze" />
        <span>
          Conversation compacted:{' '}
          <span class="compaction-sizes">
            {shortCount(tokensBefore)} → {shortCount(tokensAfter)} tokens
          </span>
        </span>
        <Icon name={open ? 'chevronDown' : 'chevronRight'} />
      </button>
      {open && (
        <div class="thinking-text summary">
          <Markdown text={summary} open={false} />
        </div>
      )}
    </div>
  );
}
