import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AppView, ReadOnlyReason, SessionView } from '../core/protocol/view';
import { assertNever } from '../core/util/assertNever';
import { Footer } from './Footer';
import { momentText } from './text/times';
import { visibleText } from './text/visibleText';
import { Button } from './ui/Button';
import { Confirm } from './ui/Confirm';
import { Icon, type IconName } from './ui/icons';
import { usePanel } from './ui/panelContext';

interface BarProps {
  readonly app: AppView;
  readonly session: SessionView | undefined;
  readonly reason: ReadOnlyReason;
}

/** In the place of the composer while the session can only be read: why, and what can be done about it. */
export function ReadOnlyBar({ app, session, reason }: BarProps) {
  const panel = usePanel();
  const draft = panel.draft.value;
  return (
    <section class="composer" aria-label="Read only" inert={panel.selecting.value !== undefined}>
      <div class="read-only">
        <Icon name={icons[reason.kind]} />
        <div class="read-only-text">
          <Explanation reason={reason} />
          {draft.trim() !== '' && <p class="fine-print">What you began to write is kept.</p>}
        </div>
      </div>
      <Footer app={app} session={session} />
    </section>
  );
}

const icons: Readonly<Record<ReadOnlyReason['kind'], IconName>> = {
  held: 'window',
  otherFolder: 'folder',
  damaged: 'error',
  gone: 'trash',
};

function Explanation({ reason }: { readonly reason: ReadOnlyReason }) {
  const panel = usePanel();
  switch (reason.kind) {
    case 'held':
      return reason.state === 'alive' ? <HeldByWindow who={reason.who} /> : <HeldByUnknown {...reason} />;
    case 'otherFolder':
      return <OfOtherFolder folder={visibleText(reason.folder)} />;
    case 'damaged':
      return (
        <>
          <p>
            <strong>{reason.message}</strong> {reason.advice}
          </p>
          <div class="actions">
            <Button onClick={() => panel.post({ type: 'command.run', command: 'countersign.salvageSession' })}>
              Recover
            </Button>
          </div>
        </>
      );
    case 'gone':
      return <Gone />;
    default:
      return assertNever(reason);
  }
}

/** A request that nothing answers can be made again after this time. */
const answeredWithinMs = 10_000;

/** Asks the other window; true as long as an answer may come. It ends by itself: a window in the middle of a turn does not answer. */
function useAsked(): Signal<boolean> {
  const panel = usePanel();
  const asked = useSignal(false);
  const problem = panel.problem.value;
  useEffect(() => {
    if (problem) asked.value = false;
  }, [problem, asked]);
  useEffect(() => {
    if (!asked.value) return undefined;
    const timer = setTimeout(() => (asked.value = false), answeredWithinMs);
    return () => clearTimeout(timer);
  }, [asked.value, asked]);
  return asked;
}

function HeldByWindow({ who }: { readonly who: string }) {
  const asked = useAsked();
  const takeOver = useTakeOver();
  return (
    <>
      <p>Another window ({visibleText(who)}) works in this session. You see what happens there.</p>
      <div class="actions">
        <Button
          disabled={asked.value}
          onClick={() => {
            takeOver('ask');
            asked.value = true;
          }}
        >
          {asked.value ? 'Asked, waiting for it…' : 'Ask to hand over'}
        </Button>
      </div>
    </>
  );
}

function HeldByUnknown({ who, since }: { readonly who: string; readonly since: number }) {
  const asked = useAsked();
  const confirming = useSignal(false);
  const takeOver = useTakeOver();
  return (
    <>
      <p>
        Held by {visibleText(who)} since {momentText(since, Date.now())}. It cannot be seen from here whether it still
        runs.
      </p>
      {confirming.value ? (
        <Confirm
          text="The other one can no longer write to this session then. Do this if you know that it has ended."
          yes="Yes, continue here"
          onYes={() => {
            takeOver('unjudged');
            confirming.value = false;
            asked.value = true;
          }}
          onNo={() => (confirming.value = false)}
        />
      ) : (
        <div class="actions">
          <Button disabled={asked.value} onClick={() => (confirming.value = true)}>
            {asked.value ? 'Taking over…' : 'Continue here'}
          </Button>
        </div>
      )}
    </>
  );
}

function OfOtherFolder({ folder }: { readonly folder: string }) {
  const panel = usePanel();
  const asked = useAsked();
  const confirming = useSignal(false);
  const canMove = (panel.app.value?.workspace.folders.length ?? 0) > 0;
  const adopt = (): void => {
    confirming.value = false;
    const session = panel.session.peek();
    if (!session) return;
    panel.post({ type: 'session.adopt', sessionId: session.sessionId });
    asked.value = true;
  };
  return (
    <>
      <p>
        This session belongs to <strong>{folder}</strong>. Open that folder to go on{canMove && ', or continue here'}.
      </p>
      {confirming.value ? (
        <Confirm
          text={`It moves to this window's folders; it will no longer be listed in ${folder}.`}
          yes="Yes, move it here"
          onYes={adopt}
          onNo={() => (confirming.value = false)}
        />
      ) : (
        <div class="actions">
          <Button onClick={() => panel.post({ type: 'command.run', command: 'countersign.openFolder' })}>
            Open a folder
          </Button>
          {canMove && (
            <Button disabled={asked.value} onClick={() => (confirming.value = true)}>
              {asked.value ? 'Moving…' : 'Continue in this folder'}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function Gone() {
  const panel = usePanel();
  const startNew = (): void => {
    panel.post({ type: 'session.new' });
    panel.focusComposer();
  };
  return (
    <>
      <p>This session was deleted in another window.</p>
      <div class="actions">
        <Button onClick={startNew}>New session</Button>
      </div>
    </>
  );
}

function useTakeOver(): (how: 'ask' | 'unjudged') => void {
  const panel = usePanel();
  return (how) => {
    const session = panel.session.peek();
    if (session) panel.post({ type: 'session.takeOver', sessionId: session.sessionId, how });
  };
}
