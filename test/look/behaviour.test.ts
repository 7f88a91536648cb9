import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { openState } from './lookPage';
import { usePanelPage } from './panelPage';
import { agentId, permissionId, SessionScript } from './sessionScript';
import { settled } from './settled';
import { withoutSendIds } from './withoutSendIds';

const sessionId = agentId('agt-first');

describe('the panel in a browser', function () {
  this.timeout(30_000);
  const panel = usePanelPage();
  const { open, posted } = panel;
  let page: Page;
  beforeEach(() => ({ page } = panel));
  const composer = () => page.getByRole('textbox', { name: 'Message to the agent' });
  async function deliver(script: SessionScript, batch: number): Promise<void> {
    await panel.deliver({ type: 'events', sessionId, batch, envelopes: script.takeEnvelopes() });
    await page.waitForFunction((number) => window.posted.some((op) => op.type === 'ack' && op.batch === number), batch);
  }

  it('reaches Approve by the keyboard alone and approves with Enter', async () => {
    await open('approveCommand');
    for (let presses = 0; presses < 30; presses++) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => document.activeElement?.textContent.trim());
      if (focused === 'Approve') break;
    }
    await page.keyboard.press('Enter');
    assert.deepEqual(await posted(), [
      { type: 'approval.decide', sessionId, permissionId: permissionId(1), decision: 'allow' },
    ]);
  });

  it('does not approve by a click that comes before the person can have read the question', async () => {
    await page.addInitScript(() => {
      // As soon as it is there, and not when a busy machine comes to it.
      new MutationObserver((_changes, observer) => {
        const button = document.querySelector<HTMLElement>('.approval vscode-button');
        if (!button) return;
        observer.disconnect();
        button.click();
        button.shadowRoot?.querySelector('button')?.click();
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(`${panel.origin}/page.html?state=approveCommand`);
    await page.waitForSelector('.approval vscode-button');
    const early = await page.evaluate(() => window.posted.map((op) => op.type));
    assert.ok(!early.includes('approval.decide'));
    await settled(page);
    await page.getByRole('button', { name: 'Approve' }).click();
    assert.equal((await posted()).length, 1);
  });

  it('rejects with the reason that was written', async () => {
    await open('approveCommand');
    await page.getByRole('button', { name: 'Reject' }).click();
    await page.keyboard.type('Use the staging data.');
    await page.keyboard.press('Enter');
    assert.deepEqual(await posted(), [
      {
        type: 'approval.decide',
        sessionId,
        permissionId: permissionId(1),
        decision: 'deny',
        note: 'Use the staging data.',
      },
    ]);
  });

  it('allows exactly this command for the session', async () => {
    await open('approveCommand');
    await page.getByRole('button', { name: 'Don’t ask again' }).click();
    await page.getByRole('button', { name: 'For this session' }).click();
    assert.deepEqual(await posted(), [
      { type: 'approval.decide', sessionId, permissionId: permissionId(1), decision: 'allow', remember: 'session' },
    ]);
  });

  it('shows what nobody could see in a command', async () => {
    await open('hostile');
    const subject = await page.locator('.subject').first().innerText();
    assert.match(subject, /ls <U\+202E># oot<U\+200B> <script>/);
  });

  for (const address of ['page.html', 'noPolicy.html'])
    it(`runs nothing that the model or a program wrote (${address})`, async () => {
      const elsewhere: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(panel.origin) && !request.url().startsWith('data:'))
          elsewhere.push(request.url());
      });
      await openState(page, `${panel.origin}/${address}?state=hostile`);
      await page.evaluate(() => document.querySelector('.scroller')?.scrollTo(0, 0));
      for (const fold of await page.locator('.tool .fold[aria-expanded=false]').all()) await fold.click();
      for (const link of await page.locator('.answer a').all()) await link.click();
      await page.waitForTimeout(300);
      assert.equal(await page.evaluate(() => window.pwned), undefined);
      assert.equal(await page.locator('.transcript :is(script, iframe, form, input, style, img, math)').count(), 0);
      assert.equal(await page.locator('.answer [style], .answer [id], .answer .approval').count(), 0);
      assert.deepEqual(elsewhere, []);
      assert.equal(page.url(), `${panel.origin}/${address}?state=hostile`);
    });

  it('sends with Enter, breaks the line with Shift+Enter', async () => {
    await open('empty');
    await composer().click();
    await page.keyboard.type('first');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('second');
    await page.keyboard.press('Enter');
    assert.deepEqual(withoutSendIds(await posted()), [{ type: 'turn.start', sessionId, text: 'first\nsecond' }]);
    assert.equal(await composer().inputValue(), '');
  });

  it('does not send when Enter takes a word from an input method', async () => {
    await open('empty');
    await composer().fill('にほん');
    for (const event of [{ isComposing: true }, { keyCode: 229 }])
      await composer().dispatchEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...event });
    const client = await page.context().newCDPSession(page);
    await composer().focus();
    await client.send('Input.imeSetComposition', { text: '日本', selectionStart: 2, selectionEnd: 2 });
    await client.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: 229,
    });
    assert.deepEqual(await posted(), []);
    await client.send('Input.insertText', { text: '日本' });
    await page.keyboard.press('Enter');
    assert.equal((await posted()).length, 1);
  });

  it('stops a running turn with Escape and with the button', async () => {
    await open('streaming');
    await composer().press('Escape');
    await page.getByRole('button', { name: 'Stop' }).click();
    assert.deepEqual(await posted(), [
      { type: 'turn.interrupt', sessionId },
      { type: 'turn.interrupt', sessionId },
    ]);
  });

  it('shows a message that was sent during a turn as queued until it is taken', async () => {
    await open('streaming');
    await composer().fill('And update the changelog.');
    await composer().press('Enter');
    assert.deepEqual(withoutSendIds(await posted()), [
      { type: 'turn.start', sessionId, text: 'And update the changelog.' },
    ]);
    const script = new SessionScript(sessionId, await page.evaluate(() => window.seq()));
    await deliver(script.queued('And update the changelog.'), 1);
    await page.getByText('Queued').waitFor();
    await deliver(script.user('And update the changelog.'), 2);
    assert.equal(await page.getByText('Queued').count(), 0);
    assert.equal(await page.getByText('And update the changelog.').count(), 1);
  });

  it('keeps the draft over a reload', async () => {
    await open('empty');
    await composer().fill('half a thought');
    await page.reload();
    await composer().waitFor();
    assert.equal(await composer().inputValue(), 'half a thought');
  });

  it('opens links in the editor and never navigates', async () => {
    await open('streaming');
    await page.evaluate(() => document.querySelector('.scroller')?.scrollTo(0, 0));
    await page.getByRole('link', { name: 'the call' }).click();
    await page.getByRole('link', { name: 'number format notes' }).click();
    assert.deepEqual(await posted(), [
      { type: 'file.open', path: 'src/cart/total.ts', line: 42 },
      { type: 'link.open', url: 'https://example.com/notes' },
    ]);
  });

  it('draws a streaming answer without touching the blocks that are finished', async () => {
    await open('empty');
    const script = new SessionScript(sessionId).user('Why?');
    script.streaming('First paragraph.\n\nSecond ');
    await deliver(script, 1);
    const paragraph = await page.locator('.answer .block').first().elementHandle();
    await deliver(script.delta('paragraph.\n\n```ts\nconst x = 1;'), 2);
    await deliver(script.delta('\n```\n\nThe end.'), 3);
    assert.equal(await paragraph.evaluate((element) => element.isConnected), true);
    assert.equal(await page.locator('.answer .block').count(), 3);
    assert.equal(await page.locator('.answer .hljs-keyword').innerText(), 'const');
  });

  it('says finished sentences and questions to screen readers', async () => {
    await open('empty');
    const script = new SessionScript(sessionId).user('Why?');
    await deliver(script.streaming('Because of the sign. And'), 1);
    await panel.heard(/^Because of the sign\.$/);
    script.asks(script.call('bash_run', { cmd: 'npm test' }), {
      ...{ kind: 'command', command: 'npm test', cwd: 'shop', background: false, reason: '' },
    });
    await deliver(script, 2);
    await panel.heard(/Approval needed: Run npm test\./);
  });

  it('stays where the person reads, and offers the way back to the end', async () => {
    await open('long');
    const scroller = page.getByRole('log');
    const fromEnd = () => scroller.evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop);
    assert.ok((await fromEnd()) < 24);
    await scroller.hover();
    await page.mouse.wheel(0, -3000);
    await page.getByRole('button', { name: 'Jump to latest' }).click();
    await page.waitForTimeout(200);
    assert.ok((await fromEnd()) < 24);
    assert.equal(await page.getByRole('button', { name: 'Jump to latest' }).count(), 0);
  });
});
