import type { Page } from 'playwright-core';
import type { ReviewMode } from '../../src/core/protocol/modes';
import type { ApprovalSubject } from '../../src/core/protocol/toolCalls';
import type { AppView, PendingFileView } from '../../src/core/protocol/view';
import { permissionId, type SessionScript } from './sessionScript';
import type { SessionState } from './sessionStates';
import { settled } from './settled';
import { begun, editDone, snapshot } from './states';

export const plan = `# Keep the sign of discounts

Prices are parsed in \`src/price/parsePrice.ts\`, which drops everything that is no digit.

1. Change \`parsePrice\` so that \`-3\` and \`(3)\` are negative.
2. Let **\`src/cart/total.ts\`** use it instead of its own copy.
   - The old name stays as an alias.
3. Run \`npm test\`.

\`\`\`ts
const negative = /^\\s*(-|\\()/.test(text);
\`\`\`

> Nothing of the public API changes.
`;

export const planAsked: Extract<ApprovalSubject, { kind: 'plan' }> = {
  ...{ kind: 'plan', title: 'Keep the sign of discounts', text: plan, reason: 'The agent shows you its plan.' },
};

export const pendingFiles: readonly PendingFileView[] = [
  { path: 'src/price/parsePrice.ts', kind: 'modified', hunks: 3, additions: 14, deletions: 6 },
  { path: 'test/price/parsePrice.negative.test.ts', kind: 'created', hunks: 1, additions: 48, deletions: 0 },
  { path: 'src/cart/oldTotal.ts', kind: 'deleted', hunks: 1, additions: 0, deletions: 120 },
  { path: 'src/cart/sum.ts', kind: 'modified', movedFrom: 'src/cart/total.ts', hunks: 1, additions: 2, deletions: 2 },
  {
    path: 'docs/a very long folder name/prices and discounts.md',
    kind: 'modified',
    hunks: 1,
    additions: 1,
    deletions: 0,
    gone: true,
  },
];

/** A plan that waits for its answer. */
export function planned(text = plan): SessionScript {
  const script = begun().answer('I have looked at how prices are parsed. This is what I would do.');
  return script.asks(script.call('present_plan', { plan: text, title: planAsked.title }), { ...planAsked, text });
}

function planAnswered(): SessionScript {
  const script = begun().answer('This is what I would do.');
  const call = script.call('present_plan', { plan, title: planAsked.title });
  script
    .asks(call, planAsked)
    .decided(
      call,
      'allow',
      'Go, in Review mode. The user left a comment.\n\nComments of the user:\n\n- Line 5: Keep the alias.',
    );
  script.completed(call, { agreed: true });
  return script.modeChanged('review').answer('I begin with `parsePrice`.');
}

const inMode = (mode: ReviewMode, more: Partial<AppView> = {}) => snapshot(editDone().view, { mode, ...more });
const drawn = (page: Page): Promise<void> => settled(page);

/** The modes, plans and pending edits in the panel, in states that look and behaviour tests open. */
export const modeStates: Readonly<Record<string, SessionState>> = {
  'mode-plan': { message: () => inMode('plan'), prepare: drawn },
  'mode-review': { message: () => inMode('review', { pending: pendingFiles }), prepare: drawn },
  'mode-auto': { message: () => inMode('auto'), prepare: drawn },
  'mode-menu': {
    message: () => inMode('review'),
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Mode: Review' }).click();
      await page.getByRole('menu', { name: 'Mode: Review' }).waitFor();
    },
  },
  'mode-confirm': { message: () => inMode('review', { modeToConfirm: 'auto' }), prepare: drawn },
  'pending-files': {
    message: () => inMode('review', { pending: pendingFiles }),
    prepare: async (page) => {
      await page.getByRole('button', { name: /changes to review/ }).click();
      await page.getByRole('button', { name: 'Reject all' }).click();
    },
  },
  'plan-asked': { message: () => snapshot(planned().view, { mode: 'plan' }), prepare: drawn },
  'plan-commented': {
    message: () =>
      snapshot(planned().view, {
        mode: 'plan',
        plan: { permissionId: permissionId(1), text: plan.replace('3. Run', '3. Add a test for the cart.\n4. Run') },
      }),
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Comment on line 5/ }).click();
      await page.getByRole('textbox', { name: 'Comment on line 5' }).fill('What about "3-"? Some people write it.');
      await page.keyboard.press('Enter');
      await page.locator('.plan-text').evaluate((box) => box.scrollTo(0, 10_000));
      await page.getByRole('combobox', { name: 'Mode to go on in' }).selectOption('auto');
    },
  },
  'plan-answered': {
    message: () => snapshot(planAnswered().view, { mode: 'review' }),
    prepare: async (page) => {
      await page.getByRole('button', { name: /^Plan Keep the sign/ }).click();
    },
  },
};
