import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { usePanelPage } from './panelPage';
import { previewOf, restorableFiles, short } from './restoreStates';
import { agentId } from './sessionScript';
import { drawn } from './settled';
import { snapshot } from './states';

const sessionId = agentId('agt-first');

describe('going back to a message in the panel', function () {
  this.timeout(30_000);
  const panel = usePanelPage('empty');
  const { posted, deliver } = panel;
  let page: Page;
  beforeEach(async () => {
    ({ page } = panel);
    await page.setViewportSize({ width: 220, height: 720 });
    await deliver(snapshot(short().view));
    await page.getByRole('button', { name: 'Restore to here' }).press('Enter');
  });
  const told = async (files: typeof restorableFiles) => {
    const [asked] = await posted();
    const preview = asked && previewOf(files)(asked);
    assert.ok(preview?.type === 'checkpointPreview');
    await deliver(preview);
    await drawn(page);
    return preview.messageId;
  };

  it('keeps the choice in sight when the files are told, with nothing over it', async () => {
    await told(restorableFiles);
    await page.getByText('goes back').waitFor();
    await drawn(page);
    const choice = page.getByRole('radio', { name: 'Files and conversation' });
    const box = await choice.boundingBox();
    const list = await page.locator('.scroller').boundingBox();
    assert.ok(box && list && box.y >= list.y, JSON.stringify({ box, list }));
    assert.equal(await page.locator('.jump').count(), 0);
  });

  it('lets the conversation alone go back where no file can', async () => {
    const messageId = await told([]);
    await page.getByText('No file has changed since.').waitFor();
    await page.getByRole('radio', { name: 'Files only' }).check();
    await page.locator('vscode-button[disabled]', { hasText: 'Restore' }).waitFor();
    await page.getByRole('radio', { name: 'Files and conversation' }).check();
    await page.getByRole('button', { name: 'Go back' }).click();
    assert.deepEqual((await posted()).slice(1), [
      { type: 'checkpoint.restore', sessionId, messageId, files: false, conversation: true },
    ]);
  });
});
