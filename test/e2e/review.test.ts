import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { temporaryFolder } from '../../scripts/temporaryFolder.mjs';
import { startMockModels, type MockModels } from '../support/mockModels';
import { eventually } from '../support/eventually';
import { Panel } from '../support/panel';
import { openWindow, type VsCodeWindow } from '../support/vscodeWindow';

const lines = Array.from({ length: 40 }, (_, index) => `line ${index + 1}\n`);
const original = lines.join('');
/** Three changes, far enough from each other to be three hunks. */
const edits = [
  { old: 'line 5\n', now: 'line five\n' },
  { old: 'line 20\n', now: 'line twenty\nand a half\n' },
  { old: 'line 35\n', now: '' },
] as const;
const withEdits = (indices: readonly number[]): string =>
  indices.reduce((text, index) => text.replace(edits[index]?.old ?? '', () => edits[index]?.now ?? ''), original);

/** One window, as a person has one; each test has files and a session of its own. */
describe('edits are countersigned', () => {
  let models: MockModels;
  let window: VsCodeWindow;
  let panel: Panel;
  const repository = temporaryFolder('workspace');
  let folder = repository;

  before(async () => {
    models = await startMockModels();
    execFileSync('git', ['init', '-q', folder]);
    writeFileSync(join(folder, 'open.txt'), 'the file that I read\n');
    const settings = models.settings('openai-compatible');
    window = await openWindow({ folder, developmentPath: process.cwd(), settings });
  });
  beforeEach(async () => {
    models.server.clearFixtures();
    await window.runCommand('View: Close All Editors');
    await window.runCommand('Countersign: New Session');
    panel = await Panel.open(window);
  });
  afterEach(async function () {
    if (this.currentTest?.isFailed()) await window.screenshot(`failed-review-${this.currentTest.title.slice(0, 30)}`);
  });
  after(async () => {
    await window.close();
    await models.stop();
  });

  const pathOf = (name: string): string => join(folder, name);
  const textOf = (name: string): string => readFileSync(pathOf(name), 'utf8');
  /** The model makes all three changes of each file, then says that it is done. */
  const willEdit = (message: string, names: readonly string[]): void => {
    for (const name of names) writeFileSync(pathOf(name), original);
    const change = (path: string) => edits.map(({ old, now }) => ({ path, find: old, replace: now }));
    const args = JSON.stringify({ edits: names.flatMap(change) });
    models.server.on(
      { userMessage: message, hasToolResult: false },
      { toolCalls: [{ name: 'fs_multi_edit', arguments: args }] },
    );
    models.server.on({ userMessage: message, hasToolResult: true }, { content: 'I am done.' });
  };
  /** What the model was last sent, as text. */
  const lastRequest = (): string => JSON.stringify(models.server.getRequests().at(-1)?.body ?? {});
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await window.page.keyboard.press(key);
  };
  const cursorIsAt = (line: number): Promise<void> =>
    window.page.locator('[id="status.editor.selection"]', { hasText: `Ln ${line},` }).waitFor();
  /** What our decorations draw in the editor in front: VS Code gives them classes of their own. */
  const drawn = (): Locator => window.page.locator('.editor-instance .view-overlays [class*="ced-"]').first();
  const chooseMode = async (name: string): Promise<void> => {
    await panel.button(/^Mode:/).click();
    await panel.item(new RegExp(`^${name}`)).click();
    await panel.button(`Mode: ${name}`).waitFor();
  };
  const activeTab = async (): Promise<string> =>
    (await window.page.locator('.tab.active').first().innerText()).replaceAll(/\s/g, '');

  it('accepts two of three changes by keyboard, rejects one with a reason, and exactly that is on disk', async () => {
    willEdit('Change a', ['a.txt']);
    await panel.send('Change a');
    await panel.button('Show diff').click();
    await window.page.locator('.tab.active', { hasText: 'a.txt' }).waitFor();
    await window.page.locator('.editor.modified .view-line', { hasText: 'five' }).first().click();
    await window.screenshot('review-proposal');
    await press('Control+k', 'h');
    await window.page.locator('.editor.modified .view-line', { hasText: 'twenty' }).first().waitFor();
    // The next change is reached by itself; there and back again by key.
    await cursorIsAt(20);
    await press('Control+k', '.');
    await cursorIsAt(36);
    await press('Control+k', ',');
    await cursorIsAt(20);
    await press('Control+k', 'q');
    await window.page.locator('.quick-input-box input').fill('Keep twenty as it is.');
    await window.page.keyboard.press('Enter');
    await window.screenshot('review-proposal-two-decided');
    await cursorIsAt(35);
    await press('Control+k', 'h');
    await panel.shows('I am done.');
    assert.equal(textOf('a.txt'), withEdits([0, 2]));
    assert.match(lastRequest(), /accepted 2 of your 3 hunks/);
    assert.match(lastRequest(), /Keep twenty as it is\./);
  });

  it('tells the model what the user changed in its proposal; the diff editor’s own arrow is a rejection', async () => {
    willEdit('Change b', ['b.txt']);
    await panel.send('Change b');
    await panel.button('Show diff').click();
    await window.page.locator('.editor.modified .view-line', { hasText: 'five' }).first().click();
    await press('End');
    await window.page.keyboard.type(' by me');
    const twenty = window.page.locator('.editor.modified .view-line', { hasText: 'twenty' }).first();
    // The editor compares again after what was typed; a click in between is lost.
    for (let attempt = 1; attempt <= 5 && (await twenty.isVisible()); attempt += 1) {
      await window.page.locator('.monaco-diff-editor a.action-label[aria-label="Revert Block"]').nth(1).click();
      await twenty.waitFor({ state: 'detached', timeout: 2_000 }).catch(() => undefined);
    }
    await window.runCommand('Countersign: Approve Proposed Change');
    await panel.shows('I am done.');
    assert.equal(textOf('b.txt'), withEdits([0, 2]).replace('line five', 'line five by me'));
    assert.match(lastRequest(), /rejected the one at line 20 and changed the one at line 5/);
    assert.match(lastRequest(), /five by me/);
    assert.match(lastRequest(), /The user/);
  });

  it('lets twenty files land in review mode without touching editors, focus or tabs, and decides them one by one and all at once', async () => {
    await window.openFile('open.txt');
    await chooseMode('Review');
    const names = Array.from({ length: 20 }, (_, index) => `many${index + 1}.txt`);
    willEdit('Change many', names);
    await panel.send('Change many');
    await panel.shows('I am done.', 60_000);
    await panel.text(/20 files, 60 changes to review/).waitFor();
    assert.match(await activeTab(), /open\.txt/);
    assert.equal(await window.page.locator('.tab').count(), 1);
    for (const name of names) assert.equal(textOf(name), withEdits([0, 1, 2]));
    await window.screenshot('review-pending-bar');
    await panel.button(/^Review$/).click();
    await window.page.locator('.tab.active', { hasText: 'many1.txt' }).waitFor();
    await window.page.locator('.codelens-decoration', { hasText: 'Accept' }).first().waitFor();
    await window.screenshot('review-pending-hunks');
    await press('Control+k', 'h');
    await panel.text(/20 files, 59 changes to review/).waitFor();
    await cursorIsAt(20);
    await press('Control+k', 'x');
    await panel.text(/20 files, 58 changes to review/).waitFor();
    await eventually('the rejected change is off the disk', () => textOf('many1.txt') === withEdits([0, 2]));
    await panel.button('Accept all').click();
    await panel.showsNotAnywhere(/changes to review/);
    assert.equal(textOf('many1.txt'), withEdits([0, 2]));
    models.server.clearFixtures();
    models.server.on({ model: 'test-model' }, { content: 'I know.' });
    await panel.send('And now?');
    await panel.shows('I know.');
    assert.match(lastRequest(), /The user rejected your change in many1\.txt/);
    await chooseMode('Ask');
  });

  for (const place of ['with git', 'without git'])
    it(`is decided in the native peek ${place}, after a reload of the window too`, async () => {
      if (place === 'without git') {
        folder = temporaryFolder('workspace');
        await window.openFolder(folder);
        panel = await Panel.open(window);
      }
      await chooseMode('Review');
      willEdit('Change c', ['c.txt']);
      await panel.send('Change c');
      await panel.shows('I am done.');
      await panel.button(/^Review$/).click();
      await window.page.locator('.tab.active', { hasText: 'c.txt' }).waitFor();
      await window.page.locator('.codelens-decoration', { hasText: 'Accept' }).first().waitFor();
      await window.reload();
      panel = await Panel.open(window);
      await panel.text(/1 file, 3 changes to review/).waitFor();
      await panel.button(/^Review$/).click();
      await window.page.locator('.tab.active', { hasText: 'c.txt' }).waitFor();
      await window.page.locator('.codelens-decoration', { hasText: 'Accept' }).first().waitFor();
      await window.page.locator('.editor-instance .view-line', { hasText: 'line five' }).first().click();
      await window.runCommand('Show Next Change');
      const peek = window.page.locator('.peekview-widget');
      await peek.waitFor();
      await window.screenshot(`review-native-peek-${place.replace(' ', '-')}`);
      await peek.locator('a.action-label[aria-label^="Accept Change"]').first().click();
      await panel.text(/1 file, 2 changes to review/).waitFor();
      await press('Escape');
      await window.runCommand('Countersign: Reject All Changes in This File');
      await panel.showsNotAnywhere(/changes? to review/);
      await eventually('one change is left', () => [0, 1, 2].some((index) => textOf('c.txt') === withEdits([index])));
      await chooseMode('Ask');
    });

  it('outlives a killed extension host: what waits is there, a comment reaches the session that made it, and rejecting gives the bytes back', async () => {
    await chooseMode('Review');
    writeFileSync(pathOf('other.txt'), 'another file\n');
    willEdit('Change e', ['e1.txt', 'e2.txt']);
    await panel.send('Change e');
    await panel.shows('I am done.');
    await panel.text(/2 files, 6 changes to review/).waitFor();
    await panel.button(/^Review$/).click();
    await window.page.locator('.tab.active', { hasText: 'e1.txt' }).waitFor();
    await cursorIsAt(5);
    await window.runCommand('Countersign: Accept Change');
    await panel.text(/2 files, 5 changes to review/).waitFor();
    // What is drawn vanishes with its editor.
    await window.openFile('other.txt');
    await window.openFile('e1.txt');
    await drawn().waitFor();
    await window.killExtensionHost();
    await window.reload();
    await window.runCommand('Countersign: New Session');
    panel = await Panel.open(window);
    await panel.text(/2 files, 5 changes to review/).waitFor();
    await panel.button(/^Review$/).click();
    await window.page.locator('.tab.active', { hasText: 'e1.txt' }).waitFor();
    await window.page.locator('.codelens-decoration', { hasText: 'Accept' }).first().waitFor();
    await cursorIsAt(20);
    models.server.on({ userMessage: /Say it in one line/ }, { content: 'I will.' });
    await window.runCommand('Countersign: Comment on Change');
    await window.page.locator('.quick-input-box input').fill('Say it in one line.');
    await window.page.keyboard.press('Enter');
    await eventually('the session that made the change is told', () => /Say it in one line/.test(lastRequest()));
    assert.match(lastRequest(), /Change e.*About your change in .*e1\.txt.*lines 20-21/);
    await window.runCommand('Countersign: Reject Change');
    await panel.text(/2 files, 4 changes to review/).waitFor();
    await eventually('the rejected change is off the disk', () => textOf('e1.txt') === withEdits([0, 2]));
    await panel.button('Reject all').click();
    await panel.text(/^Take back/).waitFor();
    await panel.button('Reject all').last().click();
    await eventually('all that was not accepted is off the disk', () => textOf('e2.txt') === original);
    assert.equal(textOf('e1.txt'), withEdits([0]));
    await chooseMode('Ask');
  });

  it('goes back to before a message with all files, and undoes that', async () => {
    await chooseMode('Review');
    willEdit('Change d', ['d.txt']);
    const created = { name: 'fs_write', arguments: JSON.stringify({ path: 'made.txt', content: 'made\n' }) };
    models.server.on({ userMessage: 'Make one', hasToolResult: false }, { toolCalls: [created] });
    models.server.on({ userMessage: 'Make one', hasToolResult: true }, { content: 'It is made.' });
    await panel.send('Change d');
    await panel.shows('I am done.');
    await panel.send('Make one');
    await panel.shows('It is made.');
    const after = textOf('d.txt');
    await panel.button('Restore to here').first().click();
    await panel.text(/goes back/).waitFor();
    await window.screenshot('review-restore');
    await panel.field('Files only').click();
    await panel.button(/^Restore$/).click();
    await panel.text(/Restored 2 files/).waitFor();
    assert.equal(textOf('d.txt'), original);
    assert.equal(existsSync(pathOf('made.txt')), false);
    await panel.button('Undo').click();
    await panel.text(/Undone|undone/).waitFor();
    assert.equal(textOf('d.txt'), after);
    assert.equal(textOf('made.txt'), 'made\n');
    await panel.button('Accept all').click();
    await chooseMode('Ask');
  });

  it('agrees on a plan that the user has changed before anything is done', async () => {
    await chooseMode('Plan');
    const plan = {
      name: 'present_plan',
      arguments: JSON.stringify({ title: 'Rename', plan: '1. Rename it.\n2. Test it.' }),
    };
    // The last thing that it reads is what the mode means.
    models.server.on({ userMessage: /The mode is plan:/ }, { toolCalls: [plan] });
    models.server.on({ userMessage: /no longer plan/ }, { content: 'Off I go.' });
    await panel.send('Plan it');
    await panel.button('Edit plan').click();
    await window.page.locator('.editor-instance .view-line', { hasText: 'Test it' }).first().click();
    await press('Control+End');
    await window.page.keyboard.type('\n3. Say so.');
    await window.page.keyboard.press('Control+s');
    await window.screenshot('review-plan');
    await panel.button(/^Go/).first().click();
    await panel.shows('Off I go.');
    assert.match(lastRequest(), /Say so\./);
  });
});
