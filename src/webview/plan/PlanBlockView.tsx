import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import type { PermissionId } from '../../core/protocol/ids';
import type { PlanComment } from '../../core/protocol/plans';
import { blockHtml } from '../markdown/html';
import { visibleProse, visibleText } from '../text/visibleText';
import { IconButton } from '../ui/Button';
import { usePanel } from '../ui/panelContext';
import { CommentField } from './CommentField';
import type { PlanBlock } from './planBlocks';

interface PlanBlockProps {
  readonly permissionId: PermissionId;
  readonly block: PlanBlock;
  readonly inTabOrder: boolean;
  readonly onReached: () => void;
}

/** One piece of a plan, the comments on it, and the way to write one. */
export function PlanBlockView({ permissionId, block, inTabOrder, onReached }: PlanBlockProps) {
  const { planComments, readOnly } = usePanel();
  const { line, quote, token, source } = block;
  const writing = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const all = useMemo(() => planComments.of(permissionId), [planComments, permissionId]).value;
  const own = all.filter((one) => one.line === line && one.quote === quote);
  const html = useMemo(() => (token ? blockHtml(token) : undefined), [source, token?.type]);
  const set = (comments: readonly PlanComment[]): void => planComments.set(permissionId, comments);
  const endWriting = (): void => {
    writing.value = false;
    button.current?.focus();
  };
  return (
    <div class="plan-block">
      <div class="plan-piece">
        <Piece source={source} html={html} />
        {!readOnly.value && (
          <span onFocusIn={onReached}>
            <IconButton
              buttonRef={button}
              icon="comment"
              className="plan-comment-button"
              label={`Comment on line ${line}: ${visibleText(quote)}`}
              tabIndex={inTabOrder ? 0 : -1}
              onClick={() => (writing.value = true)}
            />
          </span>
        )}
      </div>
      <Comments
        comments={own}
        onRemove={(comment) => {
          set(all.filter((one) => one !== comment));
          button.current?.focus();
        }}
      />
      {writing.value && (
        <CommentField
          label={`Comment on line ${line}`}
          onAdd={(text) => {
            set([...all, { line, quote, text }]);
            endWriting();
          }}
          onCancel={endWriting}
        />
      )}
    </div>
  );
}

/** As Markdown, or as it was written. */
function Piece({ source, html }: { readonly source: string; readonly html: string | undefined }) {
  if (html === undefined) return <p class="plan-source">{visibleProse(source)}</p>;
  return (
    <div class="markdown">
      <div class="block" dangerouslySetInnerHTML={{ __html: html }} />
    </div>
  );
}

interface CommentsProps {
  readonly comments: readonly PlanComment[];
  readonly onRemove: (comment: PlanComment) => void;
}

function Comments({ comments, onRemove }: CommentsProps) {
  return comments.map((comment, index) => (
    <p key={index} class="plan-comment">
      <span>{visibleProse(comment.text)}</span>
      <IconButton
        icon="close"
        label={`Remove the comment: ${visibleText(comment.text)}`}
        onClick={() => onRemove(comment)}
      />
    </p>
  ));
}
