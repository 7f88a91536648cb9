import * as vscode from 'vscode';
import { budgetSetting, budgetSettings, setBudgetSetting, type BudgetSetting } from '../settings';
import { parseLimit } from './parseLimit';
import { formatUsd } from './usd';

/** Asks which budget, and how much. Empty: no limit. Escape changes nothing. */
export async function setBudget(): Promise<void> {
  const items = budgetSettings.map((name) => ({ label: labels[name], description: limitText(name), name }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Which budget do you want to set?',
    ignoreFocusOut: true,
  });
  if (!picked) return;
  const { name } = picked;
  const text = await vscode.window.showInputBox({
    title: labels[name],
    prompt: `${isUsd(name) ? 'US dollars, for example 2.50' : 'Input and output together, for example 500000'}. Leave it empty for no limit.`,
    value: budgetSetting(name)?.toString() ?? '',
    ignoreFocusOut: true,
    validateInput: (value) =>
      parseLimit(value) === 'wrong' ? `${JSON.stringify(value)} is not an amount.` : undefined,
  });
  if (text === undefined) return;
  const limit = parseLimit(text);
  if (limit !== 'wrong') await setBudgetSetting(name, limit);
}

const labels: Readonly<Record<BudgetSetting, string>> = {
  sessionUsd: 'Each session, in US dollars',
  dayUsd: 'Each day, in US dollars',
  sessionTokens: 'Each session, in tokens',
  dayTokens: 'Each day, in tokens',
};

const isUsd = (name: BudgetSetting): boolean => name === 'sessionUsd' || name === 'dayUsd';

function limitText(name: BudgetSetting): string {
  const limit = budgetSetting(name);
  if (limit === undefined) return 'no limit';
  return isUsd(name) ? formatUsd(limit) : `${limit.toLocaleString('en')} tokens`;
}
