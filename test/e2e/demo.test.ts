import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vsixFile } from '../../scripts/package.mjs';
import { Panel, sampleCopy } from '../support/panel';
import { openWindow, type VsCodeWindow } from '../support/vscodeWindow';

const rightLine = '(net - discount) * (taxPercent / 100)';

describe('the demo, from the installed package', () => {
  let window: VsCodeWindow;
  let folder: string;
  let panel: Panel;

  beforeEach(async () => {
    folder = sampleCopy();
    window = await openWindow({ folder, vsix: vsixFile });
    panel = await Panel.open(window);
    await panel.button(/try the demo/i).click();
    await panel.shows(/demo/i);
  });
  afterEach(() => window.close());

  const source = (): string => readFileSync(join(folder, 'src/invoice.js'), 'utf8');

  it('fixes the failing test with three decisions: test, edit, test', async () => {
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
    await panel.button('Approve').click();
    await panel.shows('All tests pass now');
    await panel.shows('5 passed, 0 failed');
    await window.screenshot('demo-3-done');
  });

  it('needs two decisions when the test command is allowed for the session', async () => {
    await panel.composer.press('Enter');
    await panel.answer('test/run.js', /allow for this session/i);
    await panel.shows(/FAILED {2}tax is due/);
    await panel.button('Approve').click();
    await panel.shows('All tests pass now');
  });

  it('a rejection with a reason leaves the file as it was, and the reason is read', async () => {
    const before = source();
    await panel.composer.press('Enter');
    await panel.answer('test/run.js', /allow for this session/i);
    await panel.shows(/FAILED {2}tax is due/);
    await panel.button('Approve').waitFor();
    await window.runCommand('Countersign: Reject With Reason');
    await window.page.locator('.quick-input-box input').fill('Not like this.');
    await window.page.keyboard.press('Enter');
    await panel.shows(/You said: “Not like this\.”/);
    assert.equal(source(), before);
  });

  it('survives that the panel is hidden in the middle of a turn', async () => {
    await panel.composer.press('Enter');
    await panel.shows('test/run.js');
    await window.runCommand('View: Show Explorer');
    panel = await Panel.open(window);
    await panel.shows('Two files matter');
    await panel.answer('test/run.js', 'Approve');
    await panel.shows(/FAILED {2}tax is due/);
  });
});
