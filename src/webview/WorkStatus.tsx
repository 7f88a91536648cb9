import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SessionView } from '../core/protocol/view';
import { shortDuration } from './text/numbers';
import { Button } from './ui/Button';
import { Icon } from './ui/icons';
import { usePanel } from './ui/panelContext';

/** The last line of the transcript: what is waited for, and what waits in line. */
export function WorkStatus({ session }: { readonly session: SessionView }) {
  const { readOnly } = usePanel();
  // Where nobody can tell whether it goes on, nothing moves.
  const followed = !readOnly.value || (readOnly.value.kind === 'held' && readOnly.value.state === 'alive');
  const queuedWord = session.state === 'READY' ? 'Waiting' : 'Queued';
  return (
    <div class="work-status">
      {session.retry ? (
        <RetryStatus key={session.retry.attempt} retry={session.retry} />
      ) : (
        followed && <Waiting session={session} />
      )}
      {session.queued.map(({ messageId, text }) => (
        <p key={messageId} class="queued">
          <span class="queued-word">{queuedWord}</span>
          <span class="queued-text">{text}</span>
        </p>
      ))}
    </div>
  );
}

function Waiting({ session }: { readonly session: SessionView }) {
  if (session.state !== 'WORKING' || showsItsWork(session)) return null;
  return (
    <p class="working">
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      Working…
    </p>
  );
}

/** A streaming answer or a running tool is sign enough that something happens. */
function showsItsWork({ items }: SessionView): boolean {
  const last = items.at(-1);
  if (last?.kind === 'answer' || last?.kind === 'thinking') return last.open;
  if (last?.kind === 'compaction') return last.state === 'running';
  return last?.kind === 'tool' && last.call.state === 'EXECUTING';
}

function RetryStatus({ retry }: { readonly retry: NonNullable<SessionView['retry']> }) {
  const panel = usePanel();
  const remaining = useCountdown(retry.delayMs);
  return (
    <div class="notice warn">
      <Icon name="history" />
      <div class="failure-text">
        <p>
          <strong>{retry.error.message}</strong> Trying again{' '}
          {remaining > 0 ? `in ${shortDuration(remaining).replace(' ', '\u00a0')}` : 'now'} (attempt {retry.attempt + 1}
          ).
        </p>
        {!panel.readOnly.value && (
          <div class="actions">
            <Button
              onClick={() => {
                panel.interrupt();
                panel.focusComposer();
              }}
            >
              Cancel
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

/** Milliseconds that are left, in whole seconds; 0 from the end on. By the clock: a hidden panel's timers are late. */
function useCountdown(delayMs: number): number {
  const remaining = useSignal(delayMs);
  useEffect(() => {
    const end = performance.now() + delayMs;
    const timer = setInterval(() => {
      remaining.value = Math.max(0, Math.ceil((end - performance.now()) / 1000) * 1000);
      if (remaining.value === 0) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [remaining, delayMs]);
  return remaining.value;
}
