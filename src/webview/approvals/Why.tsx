import { useSignal } from '@preact/signals';
import type { ApprovalSubject } from '../../core/protocol/toolCalls';
import { RulesLink } from '../rules/RulesLink';
import { visibleProse } from '../text/visibleText';
import { Icon } from '../ui/icons';

/** Why a person is asked: one line, and behind it all causes, what would hold it, and the way to the rules. */
export function Why({ subject }: { readonly subject: ApprovalSubject }) {
  const open = useSignal(false);
  if (subject.kind === 'question') return null;
  const causes = subject.why ?? [];
  const first = subject.reason === '' ? (causes[0] ?? '') : subject.reason;
  const more = moreThan(first, subject);
  if (first === '') return null;
  if (more.length === 0 && !subject.why)
    return (
      <p class="containment">
        <Icon name="info" />
        {visibleProse(first)}
      </p>
    );
  return (
    <div class="why">
      <button
        type="button"
        class="fold"
        title="Why was I asked?"
        aria-expanded={open.value}
        onClick={() => (open.value = !open.value)}
      >
        <Icon name={open.value ? 'chevronDown' : 'chevronRight'} />
        <span class="why-first">
          <span class="visually-hidden">Why was I asked? </span>
          {visibleProse(first)}
        </span>
      </button>
      {open.value && (
        <div class="why-details">
          {more.length > 0 && (
            <ul>
              {more.map((cause, index) => (
                <li key={index}>{visibleProse(cause)}</li>
              ))}
            </ul>
          )}
          <RulesLink />
        </div>
      )}
    </div>
  );
}

/** The other causes, and why nothing holds a command. */
function moreThan(first: string, subject: ApprovalSubject): readonly string[] {
  const containment = subject.kind === 'command' ? subject.containment : undefined;
  return [...(subject.why ?? []), containment?.reason ?? '', containment?.fix ?? ''].filter(
    (text) => text !== '' && text !== first,
  );
}
