import type { ReasoningEffort } from '../../core/protocol/models';
import type { ModelPrice } from '../../core/protocol/usage';
import { shortCount } from './numbers';

/** "$3 / $15 per M" (input, output), "free", or "price unknown": unknown is never 0. */
export function ratesText(price: ModelPrice | undefined): string {
  if (!price) return 'price unknown';
  const { input, output, tiers = [] } = price;
  if (input === 0 && output === 0 && tiers.length === 0) return 'free';
  return `${rateText(input)} / ${rateText(output)} per M`;
}

/** The same with every rate, for a tooltip. */
export function ratesTitle(price: ModelPrice | undefined): string {
  if (!price) return 'What it costs is not known';
  const { input, output, cacheRead, tiers = [] } = price;
  return [
    `US dollars per million tokens: input ${rateText(input)}, output ${rateText(output)}`,
    ...(cacheRead === undefined ? [] : [`cached input ${rateText(cacheRead)}`]),
    ...tiers.map(
      (tier) =>
        `above ${shortCount(tier.aboveInputTokens)} of input ${rateText(tier.input)} / ${rateText(tier.output)}`,
    ),
  ].join(', ');
}

/** How much a model thinks, in words people understand. */
export function effortText(effort: ReasoningEffort): string {
  return effortTexts[effort];
}

const effortTexts: Readonly<Record<ReasoningEffort, string>> = {
  none: 'off',
  minimal: 'minimal',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'very high',
  max: 'max',
};

/** 3 -> $3, 0.15 -> $0.15, 0.0375 -> $0.0375. */
function rateText(dollars: number): string {
  const digits = dollars.toFixed(4).replace(/0{1,2}$/, '');
  return `$${digits.replace(/\.00$/, '')}`;
}
