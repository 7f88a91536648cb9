import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import type { Op } from '../../src/core/protocol/ops';
import type { AppView } from '../../src/core/protocol/view';
import { usePanelPage } from './panelPage';
import { someRows } from './sessionRows';
import { openList } from './sessionStates';
import { agentId } from './sessionScript';
import { begun, snapshot } from './states';

const sessionId = agentId('agt-first');

describe('sessions in the panel', function () {
  this.timeout(30_000);
  const panel = usePanelPage();
  const { open, deliver } = panel;
  let page: Page;
  beforeEach(() => ({ page } = panel));

  const field = () => page.getByRole('searchbox');
  const picker = () => page.getByRole('button', { name: /^Sessions/ });
  /** What was posted beside the searches. */
  const done = async (): Promise<readonly Op[]> => (await panel.posted()).filter((op) => op.type !== 'session.search');
  const searches = async (): Promise<readonly string[]> =>
    (await panel.posted()).flatMap((op) => (op.type === 'session.search' ? [op.query] : []));
  /** Waits until this control of this session has the focus: rows that were not drawn get it a moment later. */
  const focusIs = async (id: string, part: string): Promise<void> => {
    await page.waitForFunction(
      ([wantedId, wantedPart]) => {
        const element = document.activeElement?.closest<HTMLElement>('[data-part]');
        const session = element?.closest<HTMLElement>('[data-row]')?.dataset['row'];
        return session === wantedId && element?.dataset['part'] === wantedPart;
      },
      [id, part],
      { timeout: 5_000 },
    );
  };
  const app = (more: Partial<AppView>): AppView => {
    const message = snapshot(begun().view, more);
    assert.equal(message.type, 'snapshot');
    return message.app;
  };

  it('opens with the focus in the search field, moves through the rows and opens one with Enter', async () => {
    await open('sessionList');
    await openList(page);
    assert.equal(await field().evaluate((element) => element === document.activeElement), true);
    await page.keyboard.press('ArrowDown');
    await focusIs('agt-release', 'open');
    await page.keyboard.press('End');
    await focusIs('agt-docs', 'open');
    await page.keyboard.press('ArrowUp');
    await focusIs('agt-types', 'open');
    await page.keyboard.press('Enter');
    assert.deepEqual(await done(), [{ type: 'session.select', sessionId: agentId('agt-types') }]);
    assert.equal(await page.locator('.session-list').count(), 0);
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  });

  it('closes with Escape and gives the focus back to the picker', async () => {
    await open('sessionList');
    await openList(page);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.session-list').count(), 0);
    assert.equal(await picker().evaluate((element) => element === document.activeElement), true);
  });

  it('searches while one types, from a row too, once per pause', async () => {
    await open('sessionList');
    await openList(page);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.type('parser');
    await page.locator('mark').first().waitFor();
    assert.deepEqual(await searches(), ['', 'parser']);
    assert.equal(await page.locator('.session-match b').count(), 0, 'the text of a match is never markup');
    await page.keyboard.press('Enter');
    assert.deepEqual(await done(), [], 'the first row is the session that is shown');
    assert.equal(await page.locator('.session-list').count(), 0);
  });

  it('keeps the focus on its session while rows come in above it', async () => {
    await open('sessionList');
    await openList(page);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await focusIs('agt-docs', 'open');
    await page.keyboard.press('Tab');
    await focusIs('agt-docs', 'pin');
    const late = someRows.map((row, index) => ({
      ...row,
      sessionId: agentId(`agt-late-${index}`),
      title: `Late ${index}`,
    }));
    await deliver({ type: 'found', query: '', rows: [...late, ...someRows.toReversed()], total: 16, done: true });
    await page.getByText('Late 1').first().waitFor();
    await focusIs('agt-docs', 'pin');
    await page.keyboard.press('Enter');
    assert.deepEqual(await done(), [{ type: 'session.pin', sessionId: agentId('agt-docs'), pinned: true }]);
    await page.getByRole('button', { name: 'Unpin Write the API docs' }).waitFor();
    await focusIs('agt-docs', 'pin');
  });

  it('renames in the row: Enter saves, Escape leaves the old title and the list open', async () => {
    await open('sessionList');
    await openList(page);
    await page.keyboard.press('ArrowDown');
    for (const title of ['Release 2.4', 'Something else']) {
      await page.getByRole('button', { name: /^Rename Release/ }).press('Enter');
      await page.keyboard.type(title);
      await page.keyboard.press(title === 'Release 2.4' ? 'Enter' : 'Escape');
      await focusIs('agt-release', 'open');
    }
    assert.match(await page.locator('.session-title').first().innerText(), /^Release 2\.4$/);
    assert.deepEqual(await done(), [
      { type: 'session.rename', sessionId: agentId('agt-release'), title: 'Release 2.4' },
    ]);
  });

  it('does not take Enter of an input method for the end of a title', async () => {
    await open('sessionList');
    await openList(page);
    await page.getByRole('button', { name: /^Rename Release/ }).press('Enter');
    await page.locator('.rename-field').dispatchEvent('keydown', { key: 'Enter', bubbles: true, keyCode: 229 });
    assert.equal(await page.locator('.rename-field').count(), 1);
  });

  it('deletes at once, moves the focus to the next row, says it, and undoes by the keyboard', async () => {
    await open('sessionList');
    await openList(page);
    await page.keyboard.press('ArrowDown');
    await page.getByRole('button', { name: /^Delete Release/ }).press('Enter');
    assert.equal(await page.getByRole('button', { name: /^Release checklist/ }).count(), 0);
    await focusIs('agt-first', 'open');
    const deleted = { sessionId: agentId('agt-release'), title: 'Release checklist for 2.4' };
    await deliver({ type: 'app', app: app({ deleted }) });
    await page.getByText('Deleted “').waitFor();
    await panel.heard(/Deleted Release checklist for 2\.4\. .*Undo/);
    for (let presses = 0; presses < 6; presses++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate(() => document.activeElement?.textContent)) === 'Undo') break;
    }
    await page.keyboard.press('Enter');
    assert.deepEqual(await done(), [
      { type: 'session.delete', sessionId: agentId('agt-release') },
      { type: 'session.restore', sessionId: agentId('agt-release') },
    ]);
    await deliver({ type: 'app', app: app({}) });
    await page.getByRole('button', { name: /^Release checklist/ }).waitFor();
  });

  it('gives the focus back to the field when the last row is deleted', async () => {
    await open('sessionList');
    await openList(page);
    await page.keyboard.type('flaky');
    await page.waitForFunction(() => document.querySelectorAll('.session-row').length === 1);
    await page.getByRole('button', { name: /^Delete Why is the checkout/ }).press('Enter');
    await page.getByText('No session in this folder holds “flaky”.').waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('type') === 'search');
  });

  it('draws few of 200 rows and still reaches the last', async () => {
    await open('sessionRename');
    await openList(page);
    assert.ok((await page.evaluate(() => document.querySelectorAll('*').length)) < 1500);
    await page.getByText('200 of 2,000: type to narrow down').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.waitForFunction(() => document.activeElement?.textContent.includes('Question 199'));
  });

  it('asks a living window to hand over, and gives back the composer with its draft when it did', async () => {
    await open('empty');
    await page.getByRole('textbox').fill('half a thought');
    await open('heldAlive');
    assert.equal(await page.getByRole('textbox').count(), 0);
    await page.getByText('What you began to write is kept.').waitFor();
    await page.getByRole('button', { name: 'Ask to hand over' }).click();
    assert.deepEqual(await done(), [{ type: 'session.takeOver', sessionId, how: 'ask' }]);
    await page.getByRole('button', { name: /^Asked/ }).waitFor();
    await deliver({ type: 'app', app: app({}) });
    assert.equal(await page.getByRole('textbox').inputValue(), 'half a thought');
    await panel.heard(/You can write/);
  });

  it('takes over from one that cannot be seen only after saying what it means', async () => {
    await open('heldUnknown');
    await page.getByRole('button', { name: 'Continue here' }).press('Enter');
    await page.getByText('can no longer write').waitFor();
    await page.keyboard.press('Enter');
    assert.deepEqual(await done(), [], 'the focus stands on Cancel');
    await page.getByRole('button', { name: 'Continue here' }).click();
    await page.getByRole('button', { name: 'Yes, continue here' }).click();
    assert.deepEqual(await done(), [{ type: 'session.takeOver', sessionId, how: 'unjudged' }]);
  });

  it('moves a session of another folder here only after saying what it means', async () => {
    await open('otherFolder');
    await page.getByRole('button', { name: 'Continue in this folder' }).press('Enter');
    await page.getByText('it will no longer be listed in shop-docs').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Continue in this folder' }).press('Enter');
    await page.getByRole('button', { name: 'Yes, move it here' }).click();
    assert.deepEqual(await done(), [{ type: 'session.adopt', sessionId }]);
    await page.getByRole('button', { name: 'Moving…' }).waitFor();
  });

  it('says that a session was deleted elsewhere and begins a new one instead', async () => {
    await open('heldAlive');
    await deliver({ type: 'app', app: app({ readOnly: { kind: 'gone' } }) });
    await page.getByText('This session was deleted in another window.', { exact: true }).first().waitFor();
    await panel.heard(/deleted in another window/);
    await page.getByRole('region', { name: 'Read only' }).getByRole('button', { name: 'New session' }).click();
    assert.deepEqual(await done(), [{ type: 'session.new' }]);
  });

  it('sends nothing to the session before while the chosen one is being opened', async () => {
    await open('sessionList');
    await openList(page);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await page.keyboard.type('For the chosen one');
    await page.keyboard.press('Enter');
    await page.getByText('Opening…').waitFor();
    assert.equal(await page.locator('.transcript').count(), 0);
    assert.deepEqual(
      (await done()).map((op) => op.type),
      ['session.select'],
    );
    assert.equal(await page.getByRole('textbox').inputValue(), 'For the chosen one');
    await deliver({ type: 'problem', message: 'It cannot be read.', advice: 'Try again.' });
    await page.locator('.transcript').waitFor();
  });

  it('goes back to a message only after asking, and forks without', async () => {
    await open('goBack');
    await page.getByRole('button', { name: 'Fork from here' }).press('Enter');
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
    await page.getByRole('button', { name: 'Go back to here' }).press('Enter');
    await page.waitForFunction(() => document.activeElement?.closest('.confirm'));
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Go back to here' }).press('Enter');
    await page.getByRole('button', { name: 'Go back', exact: true }).click();
    const [fork, rewind, ...more] = await done();
    assert.deepEqual([fork?.type, rewind?.type, more], ['session.fork', 'session.rewind', []]);
  });

  it('offers neither while the session works or can only be read', async () => {
    for (const state of ['streaming', 'heldAlive']) {
      await open(state);
      assert.equal(await page.getByRole('button', { name: /^(Go back|Fork)/ }).count(), 0, state);
    }
  });

  it('exports and imports from the menu of the list', async () => {
    await open('sessionList');
    await openList(page);
    await page.getByRole('button', { name: 'More' }).press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.deepEqual(await done(), [{ type: 'command.run', command: 'countersign.importSession' }]);
    await page.getByRole('button', { name: 'More' }).press('Enter');
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('menu').count(), 0);
    assert.equal(await page.locator('.session-list').count(), 1);
  });
});
