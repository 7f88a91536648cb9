import { strict as assert } from 'node:assert';
import type { Locator, Page } from 'playwright-core';
import type { ApprovalSubject, FileChangePreview } from '../../src/core/protocol/toolCalls';
import { askedBelow, landedInPart, partly, partlyDecided, subagent } from './askerStates';
import { allowed, asker } from './consentStates';
import { priceChange, testChange } from './fixtures';
import { usePanelPage } from './panelPage';
import { agentId, permissionId } from './sessionScript';
import { begun, snapshot } from './states';

const sessionId = agentId('agt-first');
const edit = (...files: readonly FileChangePreview[]): ApprovalSubject => ({
  ...{ kind: 'edit', files, reason: 'It changes files.', why: [] },
});
const longChange: FileChangePreview = {
  ...{ ...testChange, additions: 60 },
  diff: `@@ -0,0 +1,60 @@\n${Array.from({ length: 60 }, (_, line) => `+line ${line};`).join('\n')}\n`,
};
const oneLine = (line: string): FileChangePreview => ({
  ...priceChange,
  diff: `@@ -1 +1,2 @@\n const a = 1;\n+${line}\n`,
});

describe('consent to edits in the panel', function () {
  this.timeout(15_000);
  const panel = usePanelPage('empty');
  const { posted, deliver } = panel;
  let page: Page;
  beforeEach(() => {
    ({ page } = panel);
  });

  const ask = asker(panel);
  const armed = () => page.locator('vscode-button:not([disabled])', { hasText: 'Approve' });
  /** Brings its beginning into sight, then its end. */
  const readToEnd = async (box: Locator): Promise<void> => {
    await box.locator('.diff-line').first().scrollIntoViewIfNeeded();
    await page.waitForTimeout(100);
    await box.focus();
    await page.keyboard.press('End');
  };
  const staysUnarmed = async (): Promise<void> => {
    await page.waitForTimeout(500);
    assert.equal(await armed().count(), 0);
  };

  it('leaves nothing of a line out of sight and says what only looks like something else', async () => {
    await ask(edit(oneLine(`${' '.repeat(24)}save();${' '.repeat(300)}evil(); p\u0430ss('\u202E');`)));
    const text = page.locator('.diff-line.added .diff-text');
    assert.match(await text.innerText(), /save\(\); +300 blanks +evil\(\);.*<U\+202E>/su);
    assert.deepEqual(
      await page
        .locator('.diff, .diff-text')
        .evaluateAll(
          (boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 0).length,
        ),
      0,
    );
    await page.getByText('“а” (U+0430) is not “a”').waitFor();
    await page.getByText('It contains characters that cannot be seen.').waitFor();
    await armed().click();
    assert.deepEqual(await posted(), [allowed]);
  });

  it('arms Approve only when each change was in sight to its end', async () => {
    await page.setViewportSize({ width: 420, height: 1500 });
    await ask(edit(priceChange, longChange));
    await page.getByText(/Scroll to the (beginning|end) of each change to approve/).waitFor();
    await staysUnarmed();
    await readToEnd(page.locator('.diff').first());
    await staysUnarmed();
    await readToEnd(page.locator('.diff').last());
    await page.locator('.approval .actions').scrollIntoViewIfNeeded();
    await armed().click();
    assert.deepEqual(await posted(), [allowed]);
  });

  for (const [what, file] of [
    ['cut off', { ...priceChange, truncated: true }],
    ['not shown', { ...priceChange, diff: '', hidden: true }],
  ] as const)
    it(`wants the diff to be shown first where the change is ${what} here`, async () => {
      await page.setViewportSize({ width: 420, height: 1000 });
      await ask(edit(file));
      await page.getByText('Show the diff to approve').waitFor();
      await staysUnarmed();
      await page.getByRole('button', { name: 'Show diff' }).click();
      await armed().click();
      assert.deepEqual(await posted(), [{ type: 'approval.show', sessionId, permissionId: permissionId(1) }, allowed]);
    });

  it('says nothing of a plain change and warns of one to a protected file', async () => {
    await ask(edit(priceChange));
    assert.doesNotMatch(await page.locator('.approval').innerText(), /It changes files/);
    const protectedPath = '`.vscode/tasks.json` says what the editor runs.';
    await ask({ ...edit(priceChange), reason: protectedPath, why: [protectedPath] });
    const note = page.locator('.approval-note');
    assert.equal(await note.innerText(), '.vscode/tasks.json says what the editor runs.');
    assert.equal(await note.locator('svg').count(), 1);
  });

  it('lays nothing over the answers, also when there are more of them', async () => {
    await page.setViewportSize({ width: 300, height: 620 });
    const rule = { kind: 'command', text: 'npm test', cwd: '.' } as const;
    await ask({
      ...{ kind: 'command', command: 'npm test', cwd: '.', background: false, reason: '' },
      remember: [rule],
    });
    await page.getByRole('button', { name: 'Don’t ask again' }).click();
    const allow = page.getByRole('button', { name: 'Allow in this workspace' });
    await page.locator('vscode-button:not([disabled])', { hasText: 'Allow in this workspace' }).waitFor();
    assert.equal(await page.locator('.jump').count(), 0);
    await page.getByRole('button', { name: 'Approve once' }).waitFor();
    await allow.click({ timeout: 2_000 });
    assert.deepEqual(await posted(), [{ ...allowed, remember: 'workspace' }]);
  });

  it('gives the focus back to Reject when the person changes their mind', async () => {
    await ask(edit(priceChange));
    await page.getByRole('button', { name: 'Reject' }).click();
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.textContent.trim() === 'Reject');
  });

  it('says what was decided of a proposal in the editor already, and that the answer is about the rest', async () => {
    const { view } = partlyDecided();
    await deliver(snapshot(view));
    await page.getByRole('button', { name: 'Reject', exact: true }).waitFor();
    await deliver(snapshot(view, partly));
    await page.getByRole('status').getByText('In the editor: 2 accepted, 1 rejected, 3 left.').waitFor();
    await page.getByText('You changed the proposal').waitFor();
    await page.getByRole('button', { name: 'Approve rest' }).waitFor();
    await page.getByRole('button', { name: 'Reject rest' }).waitFor();
  });

  it('counts what landed, not what was proposed, and shows what the agent was told of it', async () => {
    await deliver(snapshot(landedInPart().view));
    await page.locator('.tool-head .count-added', { hasText: /^\+1$/ }).waitFor();
    await page.locator('.tool-head .count-removed', { hasText: /^−0$/ }).waitFor();
    await page.locator('.tool .fold').first().click();
    await page.getByText('What landed is not the same').waitFor();
    await page.getByText(/accepted 1 of your 2 hunks/).waitFor();
  });

  it('names the subagent that asks, and its task, once', async () => {
    const script = begun();
    const command = { kind: 'command', command: 'make', cwd: '.', background: false, reason: 'It runs make.' } as const;
    askedBelow(script, 'bash_run', { ...command, from: { ...subagent, task: 'Build <b>it</b>' } });
    await deliver(snapshot(script.view));
    await page.getByText('Asked by the subagent release-notes-writer').waitFor();
    await page.getByText('Build <b>it</b>').waitFor();
    await page.getByText('It runs make.', { exact: true }).waitFor();
    assert.doesNotMatch(await page.locator('.approval').innerText(), /Subagent release/);
  });

  it('tells the end of a line from where it is only wrapped', async () => {
    const command = `echo ${'one '.repeat(40)}\nrm -rf two`;
    await ask({ kind: 'command', command, cwd: '.', background: false, reason: '' });
    const lines = page.locator('.subject-line');
    assert.equal(await lines.count(), 2);
    const ends = await lines.evaluateAll((all) => all.map((line) => getComputedStyle(line, '::after').content));
    assert.deepEqual(
      ends.map((end) => end.includes('⏎')),
      [true, false],
    );
    await page.getByText('in the workspace folder').waitFor();
  });
});
