import { useMemo, useRef } from 'preact/hooks';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { MessageId } from '../core/protocol/ids';
import type { SessionView, TranscriptItem } from '../core/protocol/view';
import { Card } from './cards/cards';
import { openQuestion } from './models/openQuestion';
import { Icon } from './ui/icons';
import { usePanel } from './ui/panelContext';
import { useStickToEnd } from './ui/useStickToEnd';
import { WorkStatus } from './WorkStatus';

type Row = TranscriptItem | { readonly key: 'status'; readonly kind: 'status' };
const statusRow: Row = { key: 'status', kind: 'status' };

/** The session's items in a virtual list that stays at the end while the person is there. */
export function Transcript({ session }: { readonly session: SessionView }) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const rows = useMemo<readonly Row[]>(() => [...session.items.filter(isShown), statusRow], [session.items]);
  const { cards } = usePanel();
  const goingBack = isGoingBack(session, cards.rewinding.value);
  const { sticking, jumpToEnd, userInput, listEvents } = useStickToEnd(
    list,
    rows.length,
    countOfMessages(session),
    goingBack,
  );
  const waiting = hasOpenApproval(session);
  // What is asked is in sight, and nothing may lie over its answers.
  const needsWay = !sticking.value && !goingBack && !(waiting && cards.answersInSight.value > 0);
  return (
    <div class="transcript">
      <div
        ref={scroller}
        class="scroller"
        role="log"
        aria-live="off"
        aria-label="Conversation"
        tabIndex={0}
        {...userInput}
      >
        <Virtualizer ref={list} scrollRef={scroller} data={rows} {...listEvents}>
          {(row) => (
            <div key={row.key} class={`row row-${row.kind}`}>
              {row.kind === 'status' ? <WorkStatus session={session} /> : <Card item={row} />}
            </div>
          )}
        </Virtualizer>
      </div>
      {needsWay && (
        <button type="button" class={`jump ${waiting ? 'attention' : ''}`} onClick={jumpToEnd}>
          <Icon name="down" />
          {waiting ? 'Approval needed' : 'Jump to latest'}
        </button>
      )}
    </div>
  );
}

/** A turn that simply came to its end needs no words. */
function isShown(item: TranscriptItem): boolean {
  return item.kind !== 'turnEnd' || item.reason !== 'completed';
}

function countOfMessages(session: SessionView): number {
  return session.items.reduce((count, item) => (item.kind === 'user' ? count + 1 : count), 0);
}

/** Whether the person is asked what is to go back to before that message. */
function isGoingBack({ state, items }: SessionView, to: MessageId | undefined): boolean {
  if (to === undefined || state !== 'READY') return false;
  return items.some((item) => item.kind === 'user' && item.messageId === to);
}

function hasOpenApproval(session: SessionView): boolean {
  return session.items.some((item) => openQuestion(item) !== undefined);
}
