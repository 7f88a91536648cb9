import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vsixFile } from '../../scripts/package.mjs';
import { temporaryFolder } from '../../scripts/temporaryFolder.mjs';
import { Panel, sampleCopy } from '../support/panel';
import { openWindow, type VsCodeWindow } from '../support/vscodeWindow';

const rightLine = '(net - discount) * (taxPercent / 100)';

/** One window for all, as a person has one: another folder in it costs a third of another window. */
describe('with the installed package', () => {
  let window: VsCodeWindow;
  before(async () => {
    window = await openWindow({ folder: temporaryFolder('empty'), vsix: vsixFile });
  });
  after(() => window.close());
  afterEach(async function () {
    if (this.currentTest?.isFailed()) await window.screenshot(`failed-demo-${this.currentTest.title.slice(0, 30)}`);
  });

  /** The sample, with the demo ready to send. */
  async function openDemo(folder: string): Promise<Panel> {
    await window.openFolder(folder);
    const panel = await Panel.open(window);
    const tryIt = panel.button(/try the demo/i);
    await tryIt.or(panel.composer).first().waitFor();
    // The first time it stands in the panel; later on it is in the palette.
    if (await tryIt.isVisible()) await tryIt.click();
    else await window.runCommand('Countersign: Try the Demo');
    await panel.holds('Fix the failing test.');
    return panel;
  }

  describe('the demo', () => {
    let folder: string;
    let panel: Panel;

    // In the test itself, not before it: what failed is tried once more from its beginning.
    const begin = async (): Promise<void> => {
      folder = sampleCopy();
      panel = await openDemo(folder);
    };
    const source = (): string => readFileSync(join(folder, 'src/invoice.js'), 'utf8');

    it('fixes the failing test with three decisions: test, edit, test', async () => {
      await begin();
      await window.screenshot('demo-1-started');
      await panel.composer.press('Enter');
      await panel.answer('test/run.js', 'Approve');
      await panel.shows(/FAILED {2}tax is due on the discounted price/);
      await panel.button('Approve').waitFor();
      assert.ok(!source().includes(rightLine), 'nothing lands before it is approved');
      await window.screenshot('demo-2-proposal');
      await window.runCommand('Countersign: Approve Proposed Change');
      await panel.shows('The change is in.');
      assert.ok(source().includes(rightLine));
      assert.equal(await panel.approveUntil('That was the demo.'), 1, 'the third and last');
      await panel.shows('All tests pass now');
      await panel.shows('5 passed, 0 failed');
      await window.screenshot('demo-3-done');
    });

    it('needs two decisions when the test command is allowed for the session', async () => {
      await begin();
      await panel.composer.press('Enter');
      await panel.shows('test/run.js');
      await panel.allowForSession();
      await panel.shows(/FAILED {2}tax is due/);
      assert.equal(await panel.approveUntil('That was the demo.'), 1, 'beside the one that was remembered');
    });

    it('a rejection with a reason leaves the file as it was, and the reason is read', async () => {
      await begin();
      const before = source();
      await panel.composer.press('Enter');
      await panel.shows('test/run.js');
      await panel.allowForSession();
      await panel.shows(/FAILED {2}tax is due/);
      await panel.button('Approve').waitFor();
      await window.runCommand('Countersign: Reject With Reason');
      await window.page.locator('.quick-input-box input').fill('Not like this.');
      await window.page.keyboard.press('Enter');
      await panel.shows(/You said: “Not like this\.”/);
      assert.equal(source(), before);
    });

    it('survives that the panel is hidden in the middle of a turn', async () => {
      await begin();
      await panel.composer.press('Enter');
      await panel.shows('test/run.js');
      await window.runCommand('View: Show Explorer');
      panel = await Panel.open(window);
      await panel.shows('Two files matter');
      await panel.answer('test/run.js', 'Approve');
      await panel.shows(/FAILED {2}tax is due/);
    });
  });

  describe('the demo, from a window with another folder', () => {
    it('copies the sample to a folder of its own, opens it there and is ready to send', async () => {
      const other = temporaryFolder('other');
      await window.openFolder(other);
      await window.runCommand('Countersign: Try the Demo');
      await window.page.waitForURL(/invoice-demo/, { timeout: 30_000 });
      const panel = await Panel.open(window);
      await panel.holds('Fix the failing test.');
      await panel.composer.press('Enter');
      await panel.answer('test/run.js', 'Approve');
      await panel.shows(/FAILED {2}tax is due/);
      assert.deepEqual(readdirSync(other), []);
    });
  });

  describe('a proposal in the editor', () => {
    let folder: string;
    let panel: Panel;

    const propose = async (): Promise<void> => {
      folder = sampleCopy();
      panel = await openDemo(folder);
      await panel.composer.press('Enter');
      await panel.shows('test/run.js');
      await panel.allowForSession();
      await panel.button('Show diff').click();
      await window.page
        .locator('.editor-group-container .tab.active', { hasText: 'proposed by Countersign' })
        .waitFor();
    };
    const source = (): string => readFileSync(join(folder, 'src/invoice.js'), 'utf8');

    it('is approved by the button in the title of its diff', async () => {
      await propose();
      await window.page.locator('.editor.modified .view-line', { hasText: 'discount' }).first().waitFor();
      await window.page.mouse.move(700, 600);
      await window.page.waitForTimeout(500); // The diff's colours come a moment after its text.
      await window.screenshot('proposal-in-editor');
      await window.page.locator('.editor-actions a.action-label[aria-label^="Approve Proposed Change"]').click();
      await panel.shows('All tests pass now');
      assert.ok(source().includes(rightLine));
      assert.equal(await window.page.locator('.tab', { hasText: 'proposed by Countersign' }).count(), 0);
    });

    it('is rejected by key', async () => {
      await propose();
      const before = source();
      await window.page.locator('.editor.modified .view-lines').click();
      await window.page.keyboard.press('Control+k');
      await window.page.keyboard.press('r');
      await panel.shows('The change did not land');
      assert.equal(source(), before);
    });

    it('lands as the user left it, and the model is told the difference', async () => {
      await propose();
      await window.page.locator('.editor.modified .view-lines').click();
      await window.page.keyboard.press('Control+Home');
      await window.page.keyboard.type('// seen by a person\n');
      await window.runCommand('Countersign: Approve Proposed Change');
      await panel.shows('All tests pass now');
      assert.ok(source().startsWith('// seen by a person\n'));
      assert.ok(source().includes(rightLine));
    });

    it('is refused when the file has changed meanwhile, and the file keeps what came from elsewhere', async () => {
      await propose();
      const changed = `${source()}\n// from elsewhere\n`;
      writeFileSync(join(folder, 'src/invoice.js'), changed);
      await window.page.waitForTimeout(1_000);
      await window.runCommand('Countersign: Approve Proposed Change');
      await panel.shows('The change did not land');
      assert.equal(source(), changed);
    });
  });
});
