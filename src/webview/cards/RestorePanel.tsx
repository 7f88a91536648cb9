import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { commandsAreNotUndone, type RestorePreview, type RestoreWish } from '../../core/protocol/checkpoints';
import type { MessageId } from '../../core/protocol/ids';
import { Button } from '../ui/Button';
import { usePanel } from '../ui/panelContext';
import { RestoreFileList } from './RestoreFileList';

/** What can go back. */
type Choice = 'both' | 'files' | 'conversation';

const choices: readonly (readonly [Choice, string])[] = [
  ['both', 'Files and conversation'],
  ['files', 'Files only'],
  ['conversation', 'Conversation only'],
];

interface RestorePanelProps {
  readonly messageId: MessageId;
  readonly onRestore: (wish: RestoreWish & { readonly token?: string }) => void;
  readonly onCancel: () => void;
}

/** The step before going back to a message: what of it, and what that does to which files. Escape is the way out. */
export function RestorePanel({ messageId, onRestore, onCancel }: RestorePanelProps) {
  const told = usePanel().restorePreview.told.value;
  const known = told?.messageId === messageId ? told : undefined;
  const { preview, problem } = known ?? {};
  const choice = useSignal<Choice>('both');
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => box.current?.querySelector<HTMLElement>('input:checked')?.focus(), []);
  useLayoutEffect(() => (box.current ? keepInSight(box.current) : undefined), []);
  const showsFiles = choice.value !== 'conversation';
  const { wish, isReady } = wishOf(choice.value, preview);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onCancel();
  };
  return (
    <div class="restore" ref={box} onKeyDown={onKeyDown}>
      <fieldset>
        <legend>Go back to before this message</legend>
        {choices.map(([value, text]) => (
          <label key={value}>
            <input
              type="radio"
              name={`restore-${messageId}`}
              checked={choice.value === value}
              onChange={() => (choice.value = value)}
            />
            {text}
          </label>
        ))}
      </fieldset>
      {showsFiles && (
        <div class="restore-what" role="status">
          {problem && `${problem.message} ${problem.advice}`}
          {!known && 'Looking at the files…'}
          {preview && <RestoreFileList files={preview.files} />}
        </div>
      )}
      <p class="restore-note">
        {wish.conversation ? 'What came after leaves the conversation. ' : ''}
        {wish.files ? commandsAreNotUndone : 'Files stay as they are.'}
      </p>
      <div class="actions">
        <Button
          appearance="primary"
          disabled={!isReady}
          onClick={() => onRestore({ ...wish, ...(wish.files && preview && { token: preview.token }) })}
        >
          {wish.files ? 'Restore' : 'Go back'}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </div>
  );
}

/** What is asked of the host. With no file that can go back, the conversation alone does. */
function wishOf(choice: Choice, preview: RestorePreview | undefined): { wish: RestoreWish; isReady: boolean } {
  const conversation = choice !== 'files';
  if (choice === 'conversation') return { wish: { files: false, conversation }, isReady: true };
  const isAble = preview?.files.some(({ missing }) => !missing) ?? false;
  if (preview && !isAble && conversation) return { wish: { files: false, conversation }, isReady: true };
  return { wish: { files: true, conversation }, isReady: isAble };
}

/** Brings it into sight whenever it grows: the list of files comes later. Where there is no room for all, its beginning. */
function keepInSight(box: HTMLElement): () => void {
  let frame = 0;
  // The list of the conversation measures its rows first.
  const observer = new ResizeObserver(() => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      const room = box.closest('.scroller')?.clientHeight ?? 0;
      box.scrollIntoView({ block: box.offsetHeight > room ? 'start' : 'nearest' });
    });
  });
  observer.observe(box);
  return () => {
    observer.disconnect();
    cancelAnimationFrame(frame);
  };
}
