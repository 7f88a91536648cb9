import { useLayoutEffect, useRef } from 'preact/hooks';
import type { RuleScope, RuleView } from '../../core/protocol/toolCalls';
import { momentText } from '../text/times';
import { visibleText } from '../text/visibleText';
import { IconButton } from '../ui/Button';
import { Icon } from '../ui/icons';
import { isComposing } from '../ui/isComposing';
import { usePanel } from '../ui/panelContext';
import { RuleText } from './RuleText';

const scopes: readonly (readonly [scope: RuleScope, title: string])[] = [
  ['workspace', 'In this workspace'],
  ['session', 'In this session'],
];

/** What runs unasked because a person said so, and taking it back; in the place of the conversation while it is open. */
export function RulesPage() {
  const { rules, focusComposer } = usePanel();
  const page = useRef<HTMLElement>(null);
  const list = rules.rules.value;
  useFocusWithin(page, list?.length);
  const close = (): void => {
    rules.close();
    focusComposer();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || isComposing(event)) return;
    event.preventDefault();
    close();
  };
  return (
    <section ref={page} class="page" aria-label="What runs unasked" onKeyDown={onKeyDown}>
      <div class="page-head">
        <h2>What runs unasked</h2>
        <IconButton icon="close" label="Close" onClick={close} />
      </div>
      <div class="rules-page" tabIndex={0} role="group" aria-label="Rules">
        {list?.length === 0 && <NoRules />}
        {scopes.map(([scope, title]) => (
          <Scope key={scope} title={title} rules={(list ?? []).filter((rule) => rule.scope === scope)} />
        ))}
        {list && list.length > 0 && (
          <p class="fine-print">
            Besides what only reads, exactly these run unasked. Another word or another folder asks again.
          </p>
        )}
      </div>
    </section>
  );
}

/** Opened, the page has the focus on its way out; when the row that had it is gone, it goes to the one that took its place. */
function useFocusWithin(page: { readonly current: HTMLElement | null }, rows: number | undefined): void {
  const place = useRef(-1);
  useLayoutEffect(() => {
    const active = document.activeElement;
    if (active !== document.body && active?.closest('[inert]') === null) return;
    const removals = page.current?.querySelectorAll<HTMLElement>('.rule .icon-button') ?? [];
    const next = place.current < 0 ? undefined : removals[Math.min(place.current, removals.length - 1)];
    (next ?? page.current?.querySelector<HTMLElement>('.page-head .icon-button'))?.focus();
  }, [page, rows]);
  useLayoutEffect(() => {
    const shown = page.current;
    const remember = ({ target }: FocusEvent): void => {
      place.current = Array.from(shown?.querySelectorAll('.rule .icon-button') ?? []).findIndex(
        (one) => one === target,
      );
    };
    shown?.addEventListener('focusin', remember);
    return () => shown?.removeEventListener('focusin', remember);
  }, [page]);
}

function Scope({ title, rules }: { readonly title: string; readonly rules: readonly RuleView[] }) {
  if (rules.length === 0) return null;
  return (
    <section class="rules-scope" aria-label={title}>
      <h3>{title}</h3>
      <ul>
        {rules.map((rule) => (
          <li key={rule.id} class="rule">
            <Rule rule={rule} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Rule({ rule: { id, subject, createdAt } }: { readonly rule: RuleView }) {
  const { rules } = usePanel();
  return (
    <>
      <div class="rule-lines">
        <RuleText rule={subject} />
        <span class="rule-details">since {momentText(createdAt, Date.now())}</span>
      </div>
      <IconButton icon="trash" label={`Ask again: ${visibleText(subject.text)}`} onClick={() => rules.remove(id)} />
    </>
  );
}

function NoRules() {
  return (
    <div class="nothing-found no-rules">
      <Icon name="shield" />
      <p>Nothing runs unasked because of an answer of yours.</p>
      <p>
        When you approve something and choose “Don’t ask again”, it is listed here, word for word, and you can take it
        back at any time.
      </p>
    </div>
  );
}
