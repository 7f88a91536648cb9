import { useSignal } from '@preact/signals';
import type { ApprovalSubject } from '../../core/protocol/toolCalls';
import { RulesLink } from '../rules/RulesLink';
import { Icon } from '../ui/icons';
import { Prose } from '../ui/Prose';

/** Why a person is asked: one line, and behind it all causes, what would hold it, and the way to the rules. */
export function Why({ subject }: { readonly subject: ApprovalSubject }) {
  const open = useSignal(false);
  if (subject.kind === 'question' || subject.kind === 'plan') return null;
  const causes = causesOf(subject);
  if (subject.kind === 'edit') return <Warnings causes={causes} />;
  const first = causes[0] ?? '';
  const more = moreThan(causes, subject);
  if (first === '') return null;
  if (more.length === 0 && !subject.why)
    return (
      <p class="containment">
        <Icon name="info" />
        <Prose text={first} />
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
          <Prose text={first} />
        </span>
      </button>
      {open.value && (
        <div class="why-details">
          {more.length > 0 && (
            <ul>
              {more.map((cause, index) => (
                <li key={index}>
                  <Prose text={cause} />
                </li>
              ))}
            </ul>
          )}
          <RulesLink />
        </div>
      )}
    </div>
  );
}

/** Of a change that only changes files nothing is said: that is what stands there. */
function Warnings({ causes }: { readonly causes: readonly string[] }) {
  return causes.map((cause) => (
    <p key={cause} class="approval-note">
      <Icon name="alert" />
      <span>
        <Prose text={cause} />
      </span>
    </p>
  ));
}

/** The line about the sandbox says this already. */
const saidOfOutside = /^It would run without the sandbox\b/;

function causesOf(subject: ApprovalSubject): readonly string[] {
  const { kind, why, from } = subject;
  // Who asks stands above it.
  const asker = `Subagent ${from?.templateId ?? ''}: `;
  const reason = from && subject.reason.startsWith(asker) ? subject.reason.slice(asker.length) : subject.reason;
  const all = kind === 'edit' && why ? why : [...new Set([reason, ...(why ?? [])])];
  const outside = kind === 'command' && subject.outside === true;
  return all.filter((cause) => cause !== '' && !(outside && saidOfOutside.test(cause)));
}

/** The other causes, and at length what holds a command, or why nothing does. */
function moreThan([, ...others]: readonly string[], subject: ApprovalSubject): readonly string[] {
  const { level, files, reason, fix } = (subject.kind === 'command' && subject.containment) || {};
  return [...others, level === 'none' || !files ? '' : files, reason ?? '', fix ?? ''].filter((text) => text !== '');
}
