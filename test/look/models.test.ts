import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import type { Op } from '../../src/core/protocol/ops';
import { openai, someModels, lmStudio } from './modelFixtures';
import { openPicker } from './modelStates';
import { usePanelPage } from './panelPage';
import { agentId, SessionScript } from './sessionScript';
import { begun, snapshot, vendorModel } from './states';
import { withoutSendIds } from './withoutSendIds';

const sessionId = agentId('agt-first');

describe('models in the panel', function () {
  this.timeout(30_000);
  const panel = usePanelPage();
  const { open, deliver, posted } = panel;
  let page: Page;
  beforeEach(() => ({ page } = panel));

  const field = () => page.getByRole('searchbox', { name: 'Search models' });
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const last = async (): Promise<Op | undefined> => (await posted()).at(-1);
  /** Presses until the control with this name has the focus. */
  async function press(key: string, wanted: RegExp): Promise<void> {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press(key);
      await page.waitForTimeout(20);
      const name = await page.evaluate(() => {
        const element = document.activeElement;
        return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
      });
      if (wanted.test(name)) return;
    }
    assert.fail(`${key} does not lead to ${String(wanted)}.`);
  }
  const focused = (tag: string) =>
    page.waitForFunction((wanted) => document.activeElement?.matches(wanted), tag, { timeout: 5_000 });

  it('opens with the focus in the search field and uses a model by the keyboard alone', async () => {
    await open('models');
    await openPicker(page);
    await focused('input[type=search]');
    await press('ArrowDown', /^Claude Opus 4\.5/);
    await page.keyboard.press('Enter');
    await focused('textarea');
    const choice = { vendor: 'anthropic', model: 'claude-opus-4-5', effort: 'medium' };
    assert.deepEqual(await posted(), [
      { type: 'models.open' },
      { type: 'model.use', sessionId, choice, standard: false },
      { type: 'models.close' },
    ]);
    assert.equal(await page.locator('.page').count(), 0);
  });

  it('closes with Escape, from a vendor step by step, and gives the focus back to the button', async () => {
    await open('models');
    await openPicker(page);
    await press('ArrowDown', /^Anthropic/);
    await page.keyboard.press('Enter');
    await focused('[aria-label="Back to all models"]');
    await page.keyboard.press('Escape');
    await focused('input[type=search]');
    await page.keyboard.press('Escape');
    await focused('button.model');
    assert.deepEqual(await last(), { type: 'models.close' });
  });

  it('finds among hundreds of models at once, and uses the first with Enter', async () => {
    await open('models');
    await openPicker(page);
    await press('ArrowDown', /^All 400 models/);
    await page.keyboard.press('Enter');
    await focused('[data-row^="all:openrouter"] .session');
    assert.ok((await page.locator('.model-row').count()) < 60, 'what is out of sight is not drawn');
    await field().focus();
    const startedAt = Date.now();
    await page.keyboard.type('instruct 399');
    await page.locator('[data-row$="model-399-instruct-with-a-rather-long-name"]').waitFor();
    assert.ok(Date.now() - startedAt < 2_000);
    await page.getByRole('switch').check();
    await field().press('Enter');
    const op = (await posted()).find(({ type }) => type === 'model.use');
    assert.ok(op?.type === 'model.use' && op.standard && op.choice.model.includes('model-399'));
  });

  it('makes favourites and keeps the focus where it was', async () => {
    await open('models');
    await openPicker(page);
    await press('ArrowDown', /^Claude Opus 4\.5/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.deepEqual(await last(), {
      ...{ type: 'model.favourite', choice: { vendor: 'anthropic', model: 'claude-opus-4-5' }, on: true },
    });
    await page.locator('[data-row="favourite:anthropic:claude-opus-4-5"]').waitFor();
    await focused('[data-row="all:anthropic:claude-opus-4-5"] .star.on');
  });

  it('leads a new user from a vendor over key and test to a model, the key in no place of ours', async () => {
    await open('firstModel');
    const welcome = button('Choose a model');
    await welcome.click();
    await page.getByRole('button', { name: /^OpenAI/ }).click();
    await focused('input[type=password]');
    await page.keyboard.type(' sk-very-secret ');
    await page.keyboard.press('Enter');
    assert.deepEqual(await last(), { type: 'key.set', vendor: 'openai', name: 'default', key: 'sk-very-secret' });
    assert.equal(await page.getByLabel('API key').inputValue(), '');
    const keys = [{ name: 'default', hint: 'cret', current: true }];
    await deliver({ type: 'models', models: { vendors: [{ ...openai, keys, ready: true }], favourites: [] } });
    await focused('.vendor-test vscode-button');
    await page.keyboard.press('Enter');
    await page.getByText('It works.').first().waitFor();
    await panel.heard(/It works\. gpt-5-mini answered\./);
    await button('Use this model').click();
    const op = (await posted()).find(({ type }) => type === 'model.use');
    assert.deepEqual(op, {
      type: 'model.use',
      choice: { vendor: 'openai', model: 'gpt-5-mini' },
      standard: true,
    });
    const everywhere = await page.evaluate(
      () => document.documentElement.outerHTML + String(sessionStorage.getItem('kept')),
    );
    assert.doesNotMatch(everywhere, /very-secret/);
  });

  it('shows a test that runs, and forgets it when the page is left', async () => {
    await open('long'); // a host that answers no test
    await deliver({ type: 'showModels' });
    await deliver({ type: 'models', models: someModels });
    await button(/^Anthropic/).click();
    await button('Test connection').click();
    await page.locator('.test-result vscode-progress-ring').waitFor();
    assert.equal(await page.locator('.vendor-test vscode-button[disabled]').count(), 1);
    await button('Back to all models').click();
    await button(/^Anthropic/).click();
    assert.equal(await page.locator('.test-result vscode-progress-ring').count(), 0);
  });

  it('uses and removes keys, the removal after a second step', async () => {
    await open('models');
    await openPicker(page);
    await button(/^Anthropic/).click();
    await button('Use the key work').click();
    assert.deepEqual(await last(), { type: 'key.use', vendor: 'anthropic', name: 'work' });
    await button('Remove the key work').click();
    await page.keyboard.press('Escape');
    assert.equal(await button('Remove the key work').count(), 1, 'Escape is the way back from the question alone');
    await button('Remove the key work').click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    assert.deepEqual(await last(), { type: 'key.remove', vendor: 'anthropic', name: 'work' });
  });

  it('uses a model with another key in this session alone', async () => {
    await open('models');
    await openPicker(page);
    await button(/^Anthropic/).click();
    await page.locator('.vendor-test select').last().selectOption('work');
    await button('Use this model').click();
    const op = (await posted()).find(({ type }) => type === 'model.use');
    assert.ok(op?.type === 'model.use' && op.choice.keyName === 'work' && !op.standard);
    assert.ok(!(await posted()).some(({ type }) => type === 'key.use'));
  });

  it('says for which host a key was given, and sends it to another one only when told to', async () => {
    await open('models');
    await openPicker(page);
    const keys = [{ name: 'default', hint: '', current: true, givenFor: 'a.example' }];
    const moved = { ...openai, keys, baseUrl: 'https://b.example/v1' };
    await deliver({ type: 'models', models: { vendors: [moved], favourites: [] } });
    await button(/^OpenAI/).click();
    await page.getByText('was given for a.example. Give one for b.example, or send this one there too.').waitFor();
    await page.getByLabel('API key').waitFor();
    assert.equal(await page.locator('.key-hint').textContent(), '');
    await button('Send the key default there too').click();
    assert.deepEqual(await last(), { type: 'key.use', vendor: 'openai', name: 'default' });
  });

  it('offers a local server a key, too', async () => {
    await open('models');
    await openPicker(page);
    await deliver({ type: 'models', models: { vendors: [lmStudio], favourites: [] } });
    await button(/^LM Studio/).click();
    await page.getByText('Add a key, if it needs one').waitFor();
  });

  it('changes a refused key in its place', async () => {
    await open('wrongKey');
    await button('Change key').click();
    await deliver({ type: 'models', models: someModels });
    await focused('input[type=password]');
    await page.keyboard.type('sk-new');
    await page.keyboard.press('Enter');
    assert.deepEqual(await last(), { type: 'key.set', vendor: 'anthropic', name: 'default', key: 'sk-new' });
  });

  it('takes an address only where it is one', async () => {
    await open('models');
    await openPicker(page);
    await field().fill('custom');
    await button(/^Custom/).click();
    const address = page.getByRole('textbox', { name: 'Address' });
    await focused('input[type=url]');
    await address.fill('models.example');
    await address.press('Enter');
    await address.fill('https://models.example/v1');
    await address.press('Enter');
    const ops = (await posted()).filter(({ type }) => type === 'endpoint.set');
    assert.deepEqual(ops, [{ type: 'endpoint.set', vendor: 'custom', baseUrl: 'https://models.example/v1' }]);
  });

  it('asks the model for more or less thinking', async () => {
    await open('empty');
    const select = page.getByRole('combobox', { name: 'Thinking' });
    assert.equal(await select.inputValue(), 'medium');
    await select.selectOption({ label: 'high' });
    await select.selectOption({ label: 'auto' });
    const { vendor, model } = vendorModel;
    assert.deepEqual(await posted(), [
      { type: 'model.use', sessionId, choice: { vendor, model, effort: 'high' }, standard: false },
      { type: 'model.use', sessionId, choice: { vendor, model }, standard: false },
    ]);
  });

  it('compacts now, but not while a turn runs', async () => {
    await open('editDone');
    await button(/^Tokens/).click();
    await button('Compact now').click();
    assert.deepEqual(await posted(), [{ type: 'session.compact', sessionId }]);
    await deliver(snapshot(begun().streaming('I').usage(1, 1).context(100).view));
    // Drawn a moment after it came.
    await page.getByRole('button', { name: 'Compact now', disabled: true }).waitFor();
  });

  it('goes on after a failure with the message that it names, and only after the newest', async () => {
    await open('unreachable');
    await button('Try again').click();
    assert.deepEqual(withoutSendIds(await posted()), [{ type: 'turn.start', sessionId, text: 'Go on.' }]);
    const script = new SessionScript(sessionId, await page.evaluate(() => window.seq()));
    await deliver({ type: 'events', sessionId, batch: 1, envelopes: script.user('Go on.').takeEnvelopes() });
    await page.locator('.row-user').nth(1).waitFor();
    assert.equal(await button('Try again').count(), 0);
  });

  it('counts down to the next try, never below "now", and can be stopped', async () => {
    await open('retry');
    const script = new SessionScript(sessionId, await page.evaluate(() => window.seq()));
    script.event({
      ...{ channel: 'monitor', type: 'model_retry', attempt: 2, delayMs: 1000 },
      error: { code: 'rate_limit', message: 'The model is busy (429).', advice: '', retryable: true },
    });
    await deliver({ type: 'events', sessionId, batch: 1, envelopes: script.takeEnvelopes() });
    await page.getByText('Trying again in 1 s (attempt 3).').waitFor();
    await page.getByText('Trying again now (attempt 3).').waitFor();
    await page.waitForTimeout(1200);
    assert.equal(await page.getByText('Trying again now (attempt 3).').count(), 1);
    await button('Cancel').click();
    assert.deepEqual(await posted(), [{ type: 'turn.interrupt', sessionId }]);
  });

  it('opens the settings of a budget from its notice', async () => {
    await open('usage');
    await button('Set budget…').click();
    await button('Dismiss').click();
    assert.deepEqual(await posted(), [{ type: 'command.run', command: 'countersign.setBudget' }]);
    assert.equal(await page.locator('.notices').count(), 0);
  });

  it('says what the conversation was compacted to, with the summary behind a fold', async () => {
    await open('compaction');
    const fold = button(/^Conversation compacted: 148k → 12k tokens/);
    await fold.click();
    assert.equal(await page.locator('.summary li').count(), 2);
    await fold.press('Enter');
    assert.equal(await page.locator('.summary').count(), 0);
  });
});
