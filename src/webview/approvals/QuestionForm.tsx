import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { PermissionId } from '../../core/protocol/ids';
import type { ApprovalSubject } from '../../core/protocol/toolCalls';
import { visibleProse } from '../text/visibleText';
import { Button } from '../ui/Button';
import { isComposing } from '../ui/isComposing';
import { usePanel } from '../ui/panelContext';
import { useArmed } from './useArmed';
import type { Decide } from './useDecision';

const maxAnswerCharacters = 10_000;

interface FormProps {
  readonly permissionId: PermissionId;
  readonly subject: Extract<ApprovalSubject, { readonly kind: 'question' }>;
  readonly sent: boolean;
  readonly decide: Decide;
}

/** The answer to what the agent wants to know: one of its choices, or the person's own words. Enter sends. */
export function QuestionForm({ permissionId, subject, sent, decide }: FormProps) {
  const { choices, question } = subject;
  const written = usePanel().cards.reason(permissionId);
  const chosen = useSignal<number | undefined>(undefined);
  const { element, inSight } = useArmed();
  const field = useRef<HTMLTextAreaElement>(null);
  const answer = chosen.value === undefined ? (written.value ?? '').trim() : (choices[chosen.value] ?? '');
  const ready = inSight.value && !sent;
  const send = (): void => {
    if (answer === '') field.current?.focus();
    else if (ready) decide('allow', { note: answer });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const inForm = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event) || !inForm) return;
    event.preventDefault();
    send();
  };
  return (
    <div class="question-form" onKeyDown={onKeyDown}>
      {choices.length > 0 && (
        <div class="choices" role="radiogroup" aria-label={visibleProse(question)}>
          {choices.map((choice, index) => (
            <label key={index} class="choice">
              <input
                type="radio"
                name={permissionId}
                checked={chosen.value === index}
                onChange={() => (chosen.value = index)}
              />
              <span>{visibleProse(choice)}</span>
            </label>
          ))}
        </div>
      )}
      <textarea
        ref={field}
        class="answer-field"
        rows={1}
        maxLength={maxAnswerCharacters}
        placeholder={choices.length > 0 ? 'Another answer' : 'Your answer'}
        aria-label={choices.length > 0 ? 'Another answer' : `Your answer to: ${visibleProse(question)}`}
        value={written.value ?? ''}
        onInput={({ currentTarget }) => {
          written.value = currentTarget.value;
          chosen.value = undefined;
        }}
      />
      <div class="actions" ref={element}>
        <Button appearance="primary" disabled={!ready || answer === ''} className="unread" onClick={send}>
          Send
        </Button>
        <Button disabled={!ready} onClick={() => decide('deny')}>
          Skip
        </Button>
      </div>
    </div>
  );
}
