import { memo } from 'preact/compat';
import type { TranscriptItem } from '../../core/protocol/view';
import { assertNever } from '../../core/util/assertNever';
import { AnswerCard } from './AnswerCard';
import { CompactionCard } from './CompactionCard';
import { ModeChangeCard } from './ModeChangeCard';
import { ModelChangeCard } from './ModelChangeCard';
import { NoticeCard } from './NoticeCard';
import { RestoreCard } from './RestoreCard';
import { ThinkingCard } from './ThinkingCard';
import { ToolCard } from './ToolCard';
import { TurnEndCard } from './TurnEndCard';
import { UserCard } from './UserCard';

/** The card of an item. An item that did not change keeps its identity, and so its card is not rendered again. */
export const Card = memo(CardOfKind, (before, after) => before.item === after.item);

/** One line for each kind: a new one is a compile error here. */
function CardOfKind({ item }: { readonly item: TranscriptItem }) {
  switch (item.kind) {
    case 'user':
      return <UserCard item={item} />;
    case 'thinking':
      return <ThinkingCard item={item} />;
    case 'answer':
      return <AnswerCard item={item} />;
    case 'tool':
      return <ToolCard item={item} />;
    case 'notice':
      return <NoticeCard item={item} />;
    case 'compaction':
      return <CompactionCard item={item} />;
    case 'restore':
      return <RestoreCard item={item} />;
    case 'modelChange':
      return <ModelChangeCard item={item} />;
    case 'modeChange':
      return <ModeChangeCard item={item} />;
    case 'turnEnd':
      return <TurnEndCard item={item} />;
    default:
      return assertNever(item);
  }
}
