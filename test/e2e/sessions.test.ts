import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../scripts/temporaryFolder.mjs';
import { startMockModels, type MockModels } from '../support/mockModels';
import { Panel } from '../support/panel';
import { commandOf, gone, parentOf, processCalled } from '../support/processes';
import { openWindow, type VsCodeWindow } from '../support/vscodeWindow';

describe('sessions survive', () => {
  let models: MockModels;
  let folder: string;
  let window: VsCodeWindow;
  let panel: Panel;

  before(async () => {
    models = await startMockModels();
    answer('Apple', 'A fruit.');
    answer('Hammer', 'A tool.');
    answer('Go on', 'I go on.');
    folder = temporaryFolder('workspace');
    writeFileSync(join(folder, 'notes.txt'), 'hello\n');
    const settings = models.settings('openai-compatible');
    window = await openWindow({ folder, developmentPath: process.cwd(), settings });
  });
  beforeEach(async () => {
    await window.runCommand('Countersign: New Session');
    panel = await Panel.open(window);
  });
  after(async () => {
    await window.close();
    await models.stop();
  });

  const answer = (userMessage: string, content: string): unknown => models.server.on({ userMessage }, { content });
  const call = (userMessage: string, name: string, args: unknown): unknown =>
    models.server.on({ userMessage, hasToolResult: false }, { toolCalls: [{ name, arguments: JSON.stringify(args) }] });
  /** Sends a message whose command runs until it is ended, and gives the ids of its process and of the extension host. */
  const runEndlessly = async (
    message: string,
    seconds: number,
  ): Promise<{ readonly pid: number; readonly hostPid: number }> => {
    call(message, 'bash_run', { cmd: `echo started; sleep ${seconds}` });
    await panel.send(message);
    await panel.button('Approve').click();
    await panel.shows(/^\s*started\s*$/);
    // Within the sandbox, processes have numbers of their own: from outside, this one is known by how long it sleeps.
    const pid = processCalled(`sleep ${seconds}`);
    assert.ok(pid > 1, 'the command runs');
    let hostPid = pid;
    while (hostPid > 1 && !commandOf(hostPid).includes('--type=extensionHost')) hostPid = parentOf(hostPid);
    assert.ok(hostPid > 1, 'the command belongs to the extension host');
    return { pid, hostPid };
  };
  const reload = async (): Promise<void> => {
    await window.reload();
    panel = await Panel.open(window);
  };

  it('a reload: the transcript is complete, the list shows the session, and it goes on', async () => {
    await panel.send('Apple');
    await panel.shows('A fruit.');
    await reload();
    await panel.shows('A fruit.');
    await panel.shows('Apple');
    await panel.button(/^Sessions:/).click();
    await panel.button(/^Rename Apple/).waitFor({ state: 'attached' });
    await window.screenshot('sessions-list');
    await panel.button(/^Sessions:/).click();
    await panel.send('Hammer');
    await panel.shows('A tool.');
  });

  it('a name, a pin, a search, and a deletion that is taken back', async () => {
    await panel.send('Hammer');
    await panel.shows('A tool.');
    await panel.button(/^Sessions:/).click();
    await panel
      .button(/^Hammer/)
      .first()
      .hover();
    await panel.button('Rename Hammer').first().click();
    await panel.field('New title for Hammer').fill('Toolbox');
    await panel.field('New title for Hammer').press('Enter');
    await panel.button('Pin Toolbox').click();
    await panel.button('Unpin Toolbox').waitFor();
    await panel.field('Search sessions').fill('a tool');
    await panel
      .button(/^Toolbox/)
      .first()
      .hover();
    await panel.button('Delete Toolbox').click();
    await panel.button('Undo').click();
    // The session that was shown is shown again; its name and its pin came back with it.
    await panel.shows('A tool.');
    await panel.button('Sessions: Toolbox').click();
    await panel.button('Unpin Toolbox').waitFor();
    await panel.button('Sessions: Toolbox').click();
  });

  it('an open question is answered after a reload', async () => {
    call('Greet', 'fs_edit', { path: 'notes.txt', old_string: 'hello', new_string: 'hello, world' });
    models.server.on({ userMessage: 'Greet', hasToolResult: true }, { content: 'Greeted.' });
    await panel.send('Greet');
    await panel.button('Approve').waitFor();
    await reload();
    await panel.button('Approve').waitFor();
    await window.screenshot('sessions-question-after-reload');
    assert.equal(readFileSync(join(folder, 'notes.txt'), 'utf8'), 'hello\n');
    await panel.button('Approve').click();
    await panel.shows('Greeted.');
    assert.equal(readFileSync(join(folder, 'notes.txt'), 'utf8'), 'hello, world\n');
  });

  it('a reload in the middle of a command ends it, says so, and the user can go on', async () => {
    const { pid } = await runEndlessly('Wait', 86_301);
    await reload();
    await panel.shows(/cut off/i);
    await panel.send('Go on');
    await panel.shows('I go on.');
    await gone(pid, 10_000);
  });

  it('an extension host that is killed in the middle of a command: nothing is lost, and the user can go on', async () => {
    const { pid, hostPid } = await runEndlessly('Endure', 86_302);
    process.kill(hostPid, 'SIGKILL');
    await gone(hostPid, 5_000);
    await reload();
    await panel.shows(/cut off/i);
    await panel
      .button(/sleep 86302/)
      .first()
      .click();
    await panel.shows(/^\s*started\s*$/);
    await window.screenshot('sessions-cut-off');
    await panel.send('Go on');
    await panel.shows('I go on.');
    await gone(pid, 5_000);
  });

  it('a second window reads along, asks to hand over, and goes on', async () => {
    await panel.send('Apple');
    await panel.shows('A fruit.');
    const second = await window.beside();
    const besides = await Panel.open(second);
    await besides.shows(/Another window .*works in this session/);
    await panel.send('Hammer');
    await besides.shows('A tool.');
    await second.screenshot('sessions-read-along');
    await besides.button('Ask to hand over').click();
    await besides.send('Go on');
    await besides.shows('I go on.');
    await panel.shows('I go on.');
    await panel.shows(/Another window .*works in this session/);
    await second.page.close();
  });
});
