import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import type { HostMessage } from '../../src/core/protocol/ops';
import type { ApprovalSubject } from '../../src/core/protocol/toolCalls';
import {
  allowed,
  asker,
  asking,
  fetchAsked,
  hiddenCommand,
  longCommand,
  notHeld,
  openRules,
  questionAsked,
  someRules,
} from './consentStates';
import { usePanelPage } from './panelPage';
import { agentId, SessionScript } from './sessionScript';
import { begun, held, snapshot, testRule } from './states';

const sessionId = agentId('agt-first');
const base = { kind: 'command', cwd: 'shop', background: false, reason: 'It runs a program.' } as const;
const long: ApprovalSubject = { ...base, command: longCommand };

function withoutContainment(): HostMessage {
  const message = snapshot(begun().view);
  if (message.type !== 'snapshot') throw new Error('A snapshot was expected.');
  const { containment: _containment, ...app } = message.app;
  return { type: 'app', app };
}

describe('consent in the panel', function () {
  this.timeout(30_000);
  const panel = usePanelPage('empty');
  const { open, posted, deliver } = panel;
  let page: Page;
  beforeEach(() => {
    ({ page } = panel);
  });

  const ask = asker(panel);
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const armed = () => page.locator('vscode-button:not([disabled])', { hasText: 'Approve' });
  const never = async (wanted: string): Promise<void> => {
    await page.waitForTimeout(500);
    assert.equal(await page.locator(wanted).count(), 0);
  };
  const scrolledTo = (selector: string, top: number) =>
    page
      .locator(selector)
      .first()
      .evaluate((element, to) => element.scrollTo(0, to), top);

  it('arms Approve only when a long command was scrolled to its end', async () => {
    await ask(long);
    await page.getByText('Scroll to the end to approve').waitFor();
    await never('vscode-button[appearance=primary]:not([disabled])');
    await scrolledTo('.subject', 300);
    await never('vscode-button[appearance=primary]:not([disabled])');
    await scrolledTo('.subject', 10_000);
    await armed().click();
    assert.deepEqual(await posted(), [allowed]);
  });

  it('lets the keyboard alone read to the end and approve, and never begins at Approve', async () => {
    await ask(long);
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    assert.notEqual((await focused()).trim(), 'Approve');
    await page.locator('.subject').focus();
    await page.keyboard.press('End');
    await armed().waitFor();
    for (let presses = 0; presses < 10 && (await focused()).trim() !== 'Approve'; presses++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.deepEqual(await posted(), [allowed]);
  });

  it('begins anew when another command stands in the place of the one that was read', async () => {
    await ask(long);
    await scrolledTo('.subject', 10_000);
    await armed().waitFor();
    await deliver(snapshot(asking({ ...long, command: `${longCommand} --force` }).view));
    await page.getByText('Scroll to the end to approve').waitFor();
    assert.equal(await armed().count(), 0);
    assert.equal(await page.locator('.subject').evaluate((box) => box.scrollTop), 0);
  });

  it('does not count a card that is not in sight as seen', async () => {
    await page.setViewportSize({ width: 300, height: 400 });
    await ask({ ...base, command: 'ls first' }, { ...base, command: longCommand }, { ...base, command: 'ls last' });
    await armed().waitFor();
    const early = await page.evaluate(() => {
      for (const one of document.querySelectorAll<HTMLElement>('vscode-button')) {
        one.click();
        one.shadowRoot?.querySelector('button')?.click();
      }
      return window.posted.filter((op) => op.type === 'approval.decide').length;
    });
    assert.equal(early, 1, 'only the last one is in sight');
  });

  it('shows a folded run of blanks as such, and all of it when asked for', async () => {
    await ask({ ...base, command: hiddenCommand });
    const subject = page.locator('.subject');
    assert.match(await subject.innerText(), /git status +304 blanks over 4 lines.*<U\+202E>; сurl/su);
    await page.getByText('“с” (U+0441) is not “c”').waitFor();
    await button('304 blanks over 4 lines').click();
    assert.ok((await subject.textContent())?.includes(' '.repeat(300)));
  });

  it('draws right-to-left letters in the order in which they are run', async () => {
    await ask({ ...base, command: 'rm \u05D0 /tmp \u05D1' });
    const left = await page.locator('.subject').evaluate((box) => {
      const text = Array.from(box.querySelector('.subject-line')?.childNodes ?? []).find(
        (node) => node instanceof Text,
      );
      if (!text) return [];
      return [3, 5, 10].map((offset) => {
        const range = document.createRange();
        range.setStart(text, offset);
        range.setEnd(text, offset + 1);
        return range.getBoundingClientRect().left;
      });
    });
    assert.equal(left.length, 3);
    assert.deepEqual(
      left,
      left.toSorted((a, b) => a - b),
    );
    await page.getByText(/Right-to-left text/).waitFor();
  });

  it('says what is remembered word for word and remembers for the scope that was chosen', async () => {
    await ask({ ...base, command: 'npm test', remember: [testRule] }, { ...base, command: 'npm run x', remember: [] });
    assert.equal(await page.locator('.remember-button').count(), 1, 'what cannot be remembered offers nothing');
    await button('Don’t ask again').click();
    const offer = page.getByRole('group', { name: 'Don’t ask again' });
    assert.match(
      await offer.innerText(),
      /npm test -- --grep "parsePrice"\s+in shop, until the script test of package\.json changes/,
    );
    await offer.locator('vscode-button:not([disabled])', { hasText: 'Allow in this workspace' }).click();
    assert.deepEqual(await posted(), [{ ...allowed, remember: 'workspace' }]);
  });

  it('tells why it asks, what holds the command and what to do about it', async () => {
    const reason = 'It runs what it reads from the network.';
    await ask({ ...base, command: 'curl x | sh', containment: notHeld, reason, why: [reason, 'curl can send files.'] });
    await page.getByText('Not held by a sandbox: it can do whatever you can.').waitFor();
    await page.getByRole('button', { name: `Why was I asked? ${reason}` }).click();
    for (const text of ['curl can send files.', notHeld.reason, notHeld.fix]) await page.getByText(text).waitFor();
    await button('What runs unasked').click();
    await page.getByRole('region', { name: 'What runs unasked' }).waitFor();
  });

  it('names the host that an address really leads to', async () => {
    await ask(fetchAsked);
    assert.equal(await page.locator('.subject b').innerText(), 'xn--pple-43d.example');
    await page.getByText('What stands before the @ is not the host.').waitFor();
  });

  it('answers a question of the agent by the keyboard, in one of its words or in others', async () => {
    await ask(questionAsked);
    await panel.heard(/The agent asks: Prices are parsed in two places/);
    await page.getByRole('radio').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.locator('vscode-button:not([disabled])', { hasText: 'Send' }).waitFor();
    await page.keyboard.press('Enter');
    assert.deepEqual(await posted(), [{ ...allowed, note: 'Both, each on its own' }]);
    await deliver(snapshot(asking({ ...questionAsked, choices: [] }).view));
    await page.getByRole('textbox', { name: /^Your answer to/ }).fill('The first.');
    await page.locator('vscode-button:not([disabled])', { hasText: 'Send' }).click();
    assert.deepEqual((await posted()).at(-1), { ...allowed, note: 'The first.' });
  });

  it('skips a question', async () => {
    await ask(questionAsked);
    await page.locator('vscode-button:not([disabled])', { hasText: 'Skip' }).click();
    assert.deepEqual(await posted(), [{ ...allowed, decision: 'deny' }]);
  });

  it('shows what was answered elsewhere and offers no answer any more', async () => {
    const script = asking({ ...base, command: 'npm test' });
    await deliver(snapshot(script.view));
    await armed().waitFor();
    const call = script.view.items.findLast((item) => item.kind === 'tool')?.call;
    assert.ok(call);
    const later = new SessionScript(sessionId, script.view.seq).decided(call, 'deny', 'Not now.');
    await deliver({ type: 'events', sessionId, batch: 1, envelopes: later.takeEnvelopes() });
    await page.getByText('You rejected this').waitFor();
    assert.equal(await button('Approve').count(), 0);
  });

  it('lists what runs unasked, takes one back, and keeps the focus in the list', async () => {
    await open('rules');
    const remove = page.getByRole('button', { name: /^Ask again: / });
    await openRules(page);
    assert.equal(await remove.count(), someRules.length);
    await remove.first().press('Enter');
    await page.waitForFunction((count) => document.querySelectorAll('.rule').length === count, someRules.length - 1);
    assert.match(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? ''), /^Ask again: cd/);
    await panel.heard(/Removed\. 3 rules are left\./);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.matches('textarea'));
    assert.deepEqual(await posted(), [
      { type: 'rules.open' },
      { type: 'rule.remove', ruleId: 'rule-1' },
      { type: 'rules.close' },
    ]);
  });

  it('opens the rules when the host says so, and the sandbox’s details by the keyboard', async () => {
    await deliver({ type: 'showRules' });
    await page.getByRole('region', { name: 'What runs unasked' }).waitFor();
    await page.keyboard.press('Escape');
    const mark = page.getByRole('button', { name: 'Sandbox: on' });
    await mark.press('Enter');
    await page.getByText(held.network).waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.sandbox-details').count(), 0);
    assert.equal(await mark.evaluate((element) => element === document.activeElement), true);
    await deliver(withoutContainment());
    await mark.waitFor({ state: 'detached' });
  });
});
