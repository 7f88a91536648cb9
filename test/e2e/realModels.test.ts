import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../scripts/temporaryFolder.mjs';
import { startMockModels, type MockModels } from '../support/mockModels';
import { gone, processCalled } from '../support/processes';
import { Panel } from '../support/panel';
import { openWindow, type VsCodeWindow } from '../support/vscodeWindow';

describe('a model behind an endpoint', () => {
  let models: MockModels;
  let folder: string;
  let window: VsCodeWindow;
  let panel: Panel;

  const open = async (settings: Readonly<Record<string, unknown>>): Promise<void> => {
    folder = temporaryFolder('workspace');
    writeFileSync(join(folder, 'notes.txt'), 'hello\n');
    window = await openWindow({ folder, developmentPath: process.cwd(), settings });
    panel = await Panel.open(window);
  };

  const editTask = (): void => {
    models.server.on(
      { userMessage: 'Greet the world', hasToolResult: false },
      {
        content: 'I change the greeting.',
        toolCalls: [
          {
            name: 'fs_edit',
            arguments: JSON.stringify({ path: 'notes.txt', old_string: 'hello', new_string: 'hello, world' }),
          },
        ],
      },
    );
    models.server.on({ hasToolResult: true }, { content: 'The greeting is **done**.' });
  };

  const landsAnEdit = async (screenshot: string): Promise<void> => {
    editTask();
    await panel.send('Greet the world');
    await panel.shows('I change the greeting.');
    await panel.button('Approve').click();
    await panel.shows('The greeting is done.');
    assert.equal(readFileSync(join(folder, 'notes.txt'), 'utf8'), 'hello, world\n');
    await window.screenshot(screenshot);
  };

  /** A session of its own for each test, and nothing that the model was told before. */
  const beginAnew = async (): Promise<void> => {
    models.server.clearFixtures();
    await window.runCommand('Countersign: New Session');
    await panel.button('Explain how this project is built up').waitFor();
  };

  before(async () => {
    models = await startMockModels();
  });
  afterEach(() => {
    models.server.clearFixtures();
  });
  after(() => models.stop());

  describe('with a key', () => {
    before(() => open(models.settings('anthropic')));
    after(() => window.close());

    it('a missing key is said, and the message stands in the composer again, once', async () => {
      models.server.on({ userMessage: 'Hello there' }, { content: 'Good morning.' });
      await panel.send('Hello there');
      await panel.shows(/needs a key/);
      await panel.holds('Hello there');
      await window.runCommand('Countersign: Set API Key');
      await window.quickPick('Anthropic');
      await window.input('API key for Anthropic', 'test-key-0123456789abcdef');
      await window.page
        .getByText(/is kept in VS Code's secret storage/)
        .first()
        .waitFor();
      await panel.composer.press('Enter');
      await panel.shows('Good morning.');
    });

    it('lands an edit', async () => {
      await beginAnew();
      await landsAnEdit('model-anthropic');
    });
  });

  describe('without a key', () => {
    before(() => open(models.settings('openai-compatible')));
    after(() => window.close());

    it('lands an edit', () => landsAnEdit('model-openai-compatible'));

    it('a wrong key is said with what to do next, and the session goes on', async () => {
      await beginAnew();
      models.server.on(
        { userMessage: 'First' },
        { error: { message: 'invalid x-api-key', type: 'authentication_error' }, status: 401 },
      );
      models.server.on({ userMessage: 'Second' }, { content: 'Now it works.' });
      await panel.send('First');
      await panel.shows(/Set API Key/);
      await window.screenshot('wrong-key');
      await panel.send('Second');
      await panel.shows('Now it works.');
    });

    it('Stop ends a running command within 2 s, the turn is interrupted, and the next message works', async () => {
      await beginAnew();
      models.server.on(
        { userMessage: 'Wait', hasToolResult: false },
        {
          toolCalls: [{ name: 'bash_run', arguments: JSON.stringify({ cmd: 'echo started; sleep 4321' }) }],
        },
      );
      models.server.on({ userMessage: 'Still there?' }, { content: 'Yes, I am here.' });
      await panel.send('Wait');
      await panel.button('Approve').click();
      await panel.shows(/^\s*started\s*$/);
      const pid = processCalled('sleep 4321');
      assert.ok(pid > 1, 'the command runs');
      await window.screenshot('running-command');
      const stoppedAt = Date.now();
      await panel.button(/^stop/i).click();
      await gone(pid, 2_500 - (Date.now() - stoppedAt));
      await panel.shows(/stopped|interrupted/i);
      await panel.send('Still there?');
      await panel.shows('Yes, I am here.');
    });

    it('two sessions keep apart', async () => {
      await beginAnew();
      models.server.on({ userMessage: 'Apple' }, { content: 'A fruit.' });
      models.server.on({ userMessage: 'Hammer' }, { content: 'A tool.' });
      await panel.send('Apple');
      await panel.shows('A fruit.');
      await window.runCommand('Countersign: New Session');
      await panel.showsNot('A fruit.');
      await panel.send('Hammer');
      await panel.shows('A tool.');
      await panel.showsNot('A fruit.');
    });

    it('an endpoint that cannot be reached is said with its address', async () => {
      await beginAnew();
      await models.stop();
      await panel.send('Hello?');
      await panel.shows(/127\.0\.0\.1/, 30_000);
      await window.screenshot('unreachable');
      models = await startMockModels();
    });
  });

  it('from the palette alone: choose a model, ask about the selection, get the answer', async () => {
    models.server.on({ userMessage: /hello/ }, { content: 'A greeting.' });
    models.server.on({ model: 'test-model' }, { content: 'OK' });
    folder = temporaryFolder('workspace');
    writeFileSync(join(folder, 'notes.txt'), 'hello\n');
    window = await openWindow({ folder, developmentPath: process.cwd() });
    await window.runCommand('Countersign: Choose Model');
    await window.quickPick('OpenAI-compatible endpoint');
    await window.input('Endpoint for', `${models.server.url}/v1`);
    await window.quickPick('Another model…');
    await window.input('Model of', 'test-model');
    await window.page
      .getByText(/test-model answers after/)
      .first()
      .waitFor();
    panel = await Panel.open(window);
    await panel.composer.waitFor();
    await window.page.keyboard.press('Control+p');
    await window.quickPick('notes.txt');
    await window.page.locator('.editor-instance .view-line', { hasText: 'hello' }).click();
    await window.page.keyboard.press('Control+a');
    await window.runCommand('Countersign: Ask About Selection');
    await panel.holds(/^In `notes\.txt`, lines 1 to 2:\n```plaintext\nhello\n/);
    await panel.composer.press('Enter');
    await panel.shows('A greeting.');
    await window.close();
  });

  it('three folders with equal file names: the right one is read and edited', async () => {
    const roots = new Map<string, string>();
    for (const name of ['one', 'two', 'three']) {
      const root = temporaryFolder(name);
      writeFileSync(join(root, 'same.txt'), `${name}\n`);
      roots.set(name, root);
    }
    const file = join(folder, 'three.code-workspace');
    writeFileSync(file, JSON.stringify({ folders: [...roots].map(([name, path]) => ({ name, path })) }));
    models.server.on(
      { userMessage: 'Change two', hasToolResult: false },
      {
        toolCalls: [
          {
            name: 'fs_edit',
            arguments: JSON.stringify({ path: 'two/same.txt', old_string: 'two', new_string: 'zwei' }),
          },
        ],
      },
    );
    models.server.on({ hasToolResult: true }, { content: 'Changed.' });
    window = await openWindow({
      folder: file,
      developmentPath: process.cwd(),
      settings: models.settings('openai-compatible'),
    });
    panel = await Panel.open(window);
    await panel.send('Change two');
    await panel.shows('two/same.txt');
    await panel.button('Approve').click();
    await panel.shows('Changed.');
    const texts = [...roots.values()].map((root) => readFileSync(join(root, 'same.txt'), 'utf8'));
    assert.deepEqual(texts, ['one\n', 'zwei\n', 'three\n']);
    await window.close();
  });
});
