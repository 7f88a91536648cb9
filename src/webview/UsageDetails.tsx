import { totalSpending, type ModelSpending, type TokenUsage } from '../core/protocol/usage';
import type { AppView, SessionView } from '../core/protocol/view';
import { CompactButton } from './CompactButton';
import { modelName } from './models/modelName';
import { counted, priceText } from './text/numbers';
import { budgetLines, contextText, spentText, tokensText } from './text/spendingText';
import { usePanel } from './ui/panelContext';

interface DetailsProps {
  readonly app: AppView;
  readonly session: SessionView;
}

/** Where tokens and money went: the window, this turn, this session, today, by model; and the limits. */
export function UsageDetails({ app, session }: DetailsProps) {
  const demo = app.model?.demo === true;
  const today = app.today ?? [];
  return (
    <section id="usage-details" class="usage-details" aria-label="Usage" tabIndex={0}>
      {session.context && (
        <div class="usage-part">
          <p class="usage-line">
            <b>Context</b>
            <span>{contextText(session.context).text}</span>
          </p>
          <p class="usage-context">
            <span>{contextText(session.context).next}</span>
            <CompactButton session={session} />
          </p>
        </div>
      )}
      <Sum title="This turn" usage={session.turnUsage} cost={priceText(session.turnUsage, demo)} />
      <Spent title="This session" app={app} spent={session.spending} usage={session.usage} />
      {today.length > 0 && (
        <Spent title="Today, all sessions" app={app} spent={today} usage={totalSpending(today).usage} />
      )}
      <Budgets app={app} session={session} />
    </section>
  );
}

interface SpentProps {
  readonly title: string;
  readonly app: AppView;
  readonly spent: readonly ModelSpending[];
  readonly usage: TokenUsage;
}

function Spent({ title, app, spent, usage }: SpentProps) {
  const demo = app.model?.demo === true;
  return (
    <Sum title={title} usage={usage} cost={demo ? '' : spentText(spent)}>
      {spent.length > 1 && (
        <ul>
          {spent.map((one) => (
            <li
              key={`${one.vendor}:${one.model}`}
              class="usage-line"
              title={`${one.vendor}: ${one.model}\n${tokensText(one.usage)}`}
            >
              <span class="usage-model">{modelName(one, app)}</span>
              <span>
                {counted(one.calls, 'call', 'calls')}
                {demo ? '' : ` · ${spentText([one])}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Sum>
  );
}

interface SumProps {
  readonly title: string;
  readonly usage: TokenUsage;
  readonly cost: string;
  readonly children?: preact.ComponentChildren;
}

function Sum({ title, usage, cost, children }: SumProps) {
  if (usage.totalTokens === 0) return null;
  return (
    <div class="usage-part">
      <p class="usage-line">
        <b>{title}</b>
        <span class="usage-cost">{cost}</span>
      </p>
      <p>{tokensText(usage)}</p>
      {children}
    </div>
  );
}

function Budgets({ app, session }: DetailsProps) {
  const { post } = usePanel();
  const lines = [
    ...budgetLines(app.budgets?.session, session.spending).map((line) => ({ ...line, scope: 'Session' })),
    ...budgetLines(app.budgets?.day, app.today ?? []).map((line) => ({ ...line, scope: 'Day' })),
  ];
  return (
    <div class="usage-part">
      {lines.map(({ scope, key, text, left, used }) => (
        <div key={scope + key}>
          <p class="usage-line">
            <b>{scope} budget</b>
            <span>{left}</span>
          </p>
          <p class="budget">
            <progress class={used >= 0.8 ? 'near' : ''} value={used} max={1} aria-label={`${scope} budget used`} />
            {text}
          </p>
        </div>
      ))}
      <p class="usage-line">
        <span>{lines.length === 0 ? 'No budget is set.' : ''}</span>
        <button
          type="button"
          class="text-button"
          onClick={() => post({ type: 'command.run', command: 'countersign.setBudget' })}
        >
          {lines.length === 0 ? 'Set budget…' : 'Change budget…'}
        </button>
      </p>
    </div>
  );
}
