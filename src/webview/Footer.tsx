import type { AppView, SessionView } from '../core/protocol/view';
import { noUsage } from '../core/protocol/usage';
import { priceText, shortCount } from './text/numbers';

/** Under the composer: which instructions the model was given, and what the session has used. */
export function Footer({ app, session }: { readonly app: AppView; readonly session: SessionView | undefined }) {
  const usage = session?.usage ?? noUsage;
  const price = priceText(usage, app.model?.demo === true);
  const parts: readonly (readonly [name: string, text: string])[] = [
    ['input', `${shortCount(usage.inputTokens)} in`],
    ['output', ` · ${shortCount(usage.outputTokens)} out`],
    ['cached', usage.cacheReadTokens > 0 ? ` · ${shortCount(usage.cacheReadTokens)} cached` : ''],
    ['price', price === '' ? '' : ` · ${price}`],
  ];
  return (
    <footer class="footer">
      {app.instructions.length > 0 && <Instructions paths={app.instructions} />}
      {usage.totalTokens > 0 && (
        <p class="usage" title={usageTitle(usage)}>
          <span class="visually-hidden">Tokens: </span>
          {parts.map(([name, text]) => (
            <span key={name} class={`usage-${name}`}>
              {text}
            </span>
          ))}
        </p>
      )}
    </footer>
  );
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

function usageTitle(usage: SessionView['usage']): string {
  const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens } = usage;
  return [
    `Input: ${inputTokens.toLocaleString()} tokens, ${cacheReadTokens.toLocaleString()} of them read from the cache, ${cacheWriteTokens.toLocaleString()} written to it`,
    `Output: ${outputTokens.toLocaleString()} tokens`,
  ].join('\n');
}
