import type { BudgetWarning } from '../../core/protocol/usage';
import { formatUsd } from './usd';

/** A warning for people: whose budget, how much of it is spent, and what happens now. */
export function budgetText({ scope, unit, spent, budget, level }: BudgetWarning): string {
  const amount = (value: number): string =>
    unit === 'usd' ? formatUsd(value) : `${value.toLocaleString('en')} tokens`;
  const whose = scope === 'session' ? "This session's budget" : "Today's budget";
  const sum = `${amount(spent)} of ${amount(budget)} are spent`;
  return level === 'near'
    ? `Countersign: ${whose} is nearly spent: ${sum}.`
    : `Countersign: ${whose} is reached: ${sum}, so the next request was not sent. Raise it to go on.`;
}
