import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { pendingFiles, plan, planned } from './modeStates';
import { usePanelPage } from './panelPage';
import { agentId, permissionId } from './sessionScript';
import { editDone, snapshot } from './states';

const sessionId = agentId('agt-first');

describe('modes, plans and pending files in the panel', function () {
  this.timeout(30_000);
  const panel = usePanelPage('empty');
  const { posted, deliver } = panel;
  let page: Page;
  beforeEach(() => {
    ({ page } = panel);
  });
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };

  it('switches the mode by the keyboard alone, and the button has the focus again', async () => {
    await deliver(snapshot(editDone().view, { mode: 'ask' }));
    await button('Mode: Ask').focus();
    await press('Enter');
    await page.getByRole('menuitemradio', { checked: true }).waitFor();
    assert.match(await focused(), /^Ask/);
    await press('ArrowDown');
    assert.match(await focused(), /^Review/);
    await press('End', 'ArrowDown');
    assert.match(await focused(), /^Plan/);
    await press('Escape');
    assert.match(await focused(), /Ask/);
    await press('Enter', 'ArrowDown', 'Enter');
    assert.deepEqual(await posted(), [{ type: 'mode.set', sessionId, mode: 'review' }]);
  });

  it('leaves the menu of modes by Tab, to what stands after its button', async () => {
    await deliver(snapshot(editDone().view, { mode: 'ask' }));
    await button('Mode: Ask').focus();
    await press('Enter', 'Tab');
    assert.equal(await page.getByRole('menu').count(), 0);
    assert.match(await focused(), /Claude Sonnet/);
    await press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.ariaLabel), 'Thinking');
  });

  it('offers nothing wider than asking where the workspace is not trusted', async () => {
    await deliver(snapshot(editDone().view, { mode: 'ask', workspace: { folders: ['shop'], trusted: false } }));
    await button('Mode: Ask').click();
    await page.getByRole('menuitemradio', { name: /^Auto/ }).click({ force: true });
    assert.equal(await page.getByText('Only in a workspace that you trust.').count(), 2);
    assert.deepEqual(await posted(), []);
  });

  it('asks before Auto, and begins at the way back', async () => {
    await deliver(snapshot(editDone().view, { mode: 'review', modeToConfirm: 'auto' }));
    await page.getByText(/In Auto, edits in this workspace land/).waitFor();
    await button('Switch to Auto').click();
    assert.deepEqual(await posted(), [{ type: 'mode.set', sessionId, mode: 'auto', confirmed: true }]);
  });

  it('says a switch of the mode', async () => {
    await deliver(snapshot(editDone().view));
    await deliver(snapshot(editDone().view));
    const script = editDone();
    const { seq } = script.view;
    script.modeChanged('plan');
    await deliver({
      ...{ type: 'events', sessionId, batch: 1 },
      envelopes: [
        {
          ...{ cursor: seq + 1, bookmark: { seq: seq + 1, timestamp: 0 } },
          event: { channel: 'monitor', type: 'permission_changed', mode: 'plan' },
        },
      ],
    });
    await panel.heard(/Mode: Plan\./);
  });

  const askPlan = async (text = plan) => {
    await deliver(snapshot(planned(text).view, { mode: 'plan' }));
    await page.locator('.plan-text').waitFor();
  };

  it('goes with a plan in the chosen mode, and takes the comments along', async () => {
    await askPlan();
    await button(/^Comment on line 1:/).focus();
    await press('ArrowDown', 'ArrowDown', 'Enter');
    await page.getByRole('textbox', { name: 'Comment on line 5' }).waitFor();
    await page.keyboard.type('And "3-"?');
    await press('Enter');
    await page.getByText('1 comment goes with your answer.').waitFor();
    await page.getByRole('combobox', { name: 'Mode to go on in' }).selectOption('review');
    await page.locator('.plan-text').evaluate((box) => box.scrollTo(0, 10_000));
    await page.locator('vscode-button:not([disabled])', { hasText: 'Go in Review' }).click();
    const quote = '1. Change `parsePrice` so that `-3` and `(3)` are negative.';
    const comments = [{ line: 5, quote, text: 'And "3-"?' }];
    const go = { type: 'plan.go', sessionId, permissionId: permissionId(1), mode: 'review', comments };
    assert.deepEqual(await posted(), [go]);
  });

  it('arms Go only when a long plan was scrolled to its end', async () => {
    await askPlan(Array.from({ length: 120 }, (_, index) => `Paragraph ${index}.`).join('\n\n'));
    await page.getByText('Scroll to the end of the plan to go on').waitFor();
    await page.waitForTimeout(500);
    assert.equal(await page.locator('vscode-button:not([disabled])', { hasText: 'Go in Ask' }).count(), 0);
    await page.locator('.plan-text').evaluate((box) => box.scrollTo(0, 100_000));
    await page.locator('vscode-button:not([disabled])', { hasText: 'Go in Ask' }).waitFor();
  });

  it('keeps planning with a reason, and opens the plan to be changed', async () => {
    await askPlan();
    await button('Edit plan').click();
    await button('Keep planning').click();
    await page.keyboard.type('The cart is missing.');
    await press('Enter');
    const question = { sessionId, permissionId: permissionId(1) };
    assert.deepEqual(await posted(), [
      { type: 'plan.edit', ...question },
      { type: 'plan.keep', ...question, reason: 'The cart is missing.', comments: [] },
    ]);
  });

  it('shows what a plan would hide, and runs nothing of it', async () => {
    await askPlan(
      '<!-- hidden --> <img src=x onerror="window.hit=1">\n\n[x]: javascript:alert(1) "Go"\n\n[Go (Auto)](command:countersign.approve) a\u202Eb\u200B',
    );
    const text = (await page.locator('.plan-text').textContent()) ?? '';
    for (const wanted of ['<!-- hidden -->', 'onerror', '[x]: javascript:alert(1)'])
      assert.ok(text.includes(wanted), text);
    assert.equal(
      await page.locator('.plan-text img, .plan-text a[href^=command], .plan-text a[href^=javascript]').count(),
      0,
    );
    await page.getByText('It contains characters that cannot be seen.').waitFor();
    assert.deepEqual(await posted(), []);
  });

  it('keeps the focus where the person is, as pending files are decided', async () => {
    await deliver(snapshot(editDone().view, { mode: 'review', pending: pendingFiles }));
    await button('Reject all').press('Enter');
    await page.waitForFunction(() => document.activeElement?.closest('.confirm'));
    await press('Escape');
    await page.waitForFunction(() => document.activeElement?.textContent.trim() === 'Reject all');
    await button(/5 files, 7 changes to review/).press('Enter');
    await button('Accept src/price/parsePrice.ts').press('Enter');
    assert.match(await focused(), /parsePrice\.negative\.test\.ts/);
  });

  it('decides all pending files or one, and asks before all are taken back', async () => {
    await deliver(snapshot(editDone().view, { mode: 'review', pending: pendingFiles }));
    await button('Accept all').click();
    await button('Reject all').click();
    await page.getByText('Take back 7 changes in 5 files?').waitFor();
    await button('Cancel').click();
    await button(/5 files, 7 changes to review/).click();
    await button('Reject src/cart/oldTotal.ts').click();
    await button(/^Open src\/cart\/ ?sum\.ts/).click();
    await button('Reject all').click();
    await page.locator('.pending .confirm vscode-button', { hasText: 'Reject all' }).click();
    assert.deepEqual(await posted(), [
      { type: 'review.decide', decision: 'accept' },
      { type: 'review.decide', decision: 'reject', path: 'src/cart/oldTotal.ts' },
      { type: 'review.show', path: 'src/cart/sum.ts' },
      { type: 'review.decide', decision: 'reject' },
    ]);
  });
});
