import { useSignal } from '@preact/signals';
import type { AppView, SessionView } from '../core/protocol/view';
import { CompactButton } from './CompactButton';
import { ContextBar } from './ContextBar';
import { modelName } from './models/modelName';
import { costText, priceText, shortCount } from './text/numbers';
import { contextText, spentText, unpricedText } from './text/spendingText';
import { totalSpending } from '../core/protocol/usage';
import { Icon } from './ui/icons';
import { UsageDetails } from './UsageDetails';

/** Under the composer: which instructions the model was given, how full its window is, and what the session has used. */
export function Footer({ app, session }: { readonly app: AppView; readonly session: SessionView | undefined }) {
  const open = useSignal(false);
  const used = session && (session.usage.totalTokens > 0 || session.context) ? session : undefined;
  return (
    <>
      <footer class="footer">
        {app.instructions.length > 0 && <Instructions paths={app.instructions} />}
        {used && (
          <div class="footer-usage">
            {used.context && <ContextBar context={used.context} />}
            {used.context && contextText(used.context).tone !== 'calm' && !open.value && (
              <CompactButton session={used} />
            )}
            <UsageButton app={app} session={used} open={open.value} onClick={() => (open.value = !open.value)} />
          </div>
        )}
      </footer>
      {used && open.value && <UsageDetails app={app} session={used} />}
    </>
  );
}

interface ButtonProps {
  readonly app: AppView;
  readonly session: SessionView;
  readonly open: boolean;
  readonly onClick: () => void;
}

function UsageButton({ app, session, open, onClick }: ButtonProps) {
  const { usage } = session;
  const price = shortPrice(app, session);
  const parts: readonly (readonly [name: string, text: string])[] = [
    ['input', `${shortCount(usage.inputTokens)} in`],
    ['output', ` · ${shortCount(usage.outputTokens)} out`],
    ['cached', usage.cacheReadTokens > 0 ? ` · ${shortCount(usage.cacheReadTokens)} cached` : ''],
    ['price', price === '' ? '' : ` · ${price}`],
  ];
  return (
    <button
      type="button"
      class="usage"
      aria-expanded={open}
      aria-controls={open ? 'usage-details' : undefined}
      title={usageTitle(app, session)}
      onClick={onClick}
    >
      <span class="visually-hidden">Tokens: </span>
      <span class="usage-parts">
        {parts.map(([name, text]) => (
          <span key={name} class={`usage-${name}`}>
            {text}
          </span>
        ))}
      </span>
      <Icon name="chevronDown" />
    </button>
  );
}

/** Of a sum in which a price is missing, what is known of it. */
function shortPrice(app: AppView, { usage, spending }: SessionView): string {
  const { unpricedCalls, usage: known } = totalSpending(spending);
  if (app.model?.demo !== true && unpricedCalls > 0 && known.cost > 0) return `≥ ${costText(known.cost)}`;
  return priceText(usage, app.model?.demo === true);
}

function Instructions({ paths }: { readonly paths: readonly string[] }) {
  return (
    <details class="instructions">
      <summary>Instructions: {paths.length === 1 ? paths[0] : `${paths.length} files`}</summary>
      <ul>
        {paths.map((path) => (
          <li key={path}>
            <a href={`./${path.split('/').map(encodeURIComponent).join('/')}`}>{path}</a>
          </li>
        ))}
      </ul>
    </details>
  );
}

function usageTitle(app: AppView, { usage, spending }: SessionView): string {
  const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens } = usage;
  const unpriced = app.model?.demo === true ? '' : unpricedText(spending, (one) => modelName(one, app));
  return [
    `Input: ${inputTokens.toLocaleString()} tokens, ${cacheReadTokens.toLocaleString()} of them read from the cache, ${cacheWriteTokens.toLocaleString()} written to it`,
    `Output: ${outputTokens.toLocaleString()} tokens`,
    ...(unpriced === '' ? [] : [`Cost: ${spentText(spending)}, ${unpriced}`]),
  ].join('\n');
}
