import { strict as assert } from 'node:assert';
import { temporaryFolder } from '../../scripts/temporaryFolder.mjs';
import { startFaultServer, type FaultServer } from '../support/faultServer';
import { startMockModels, type MockModels } from '../support/mockModels';
import { Panel } from '../support/panel';
import { openWindow, type VsCodeWindow } from '../support/vscodeWindow';

/** One window for all of it, as a person has one: each test goes on where the last one ended. */
describe('setting a model up', () => {
  let models: MockModels;
  let busy: FaultServer;
  let window: VsCodeWindow;
  let panel: Panel;

  before(async () => {
    [models, busy] = await Promise.all([startMockModels(), startFaultServer()]);
    const folder = temporaryFolder('workspace');
    const settings = {
      'countersign.endpoints': { groq: `${busy.url}/v1` },
      'countersign.models': { 'openai-compatible:test-model': { window: 100_000, input: 10, output: 30 } },
    };
    window = await openWindow({ folder, developmentPath: process.cwd(), settings });
    panel = await Panel.open(window);
  });
  afterEach(async function () {
    if (this.currentTest?.isFailed()) await window.screenshot(`failed-${this.currentTest.title.slice(0, 20)}`);
  });
  after(async () => {
    await window.close();
    await Promise.all([models.stop(), busy.stop()]);
  });

  /** The setting is saved a moment after the question. */
  const budgetIs = async (amount: string): Promise<void> => {
    await panel.button(/^Tokens/).click();
    await panel.text(new RegExp(`of \\${amount}`)).waitFor();
    await panel.button(/^Tokens/).click();
  };

  it('goes from the first look over address and test to an answer, in the panel alone', async () => {
    models.server.on({ userMessage: 'Answer with the single word OK.' }, { content: 'OK' });
    models.server.on({ userMessage: 'Hello?' }, { content: 'Good morning.' });
    await panel.button('Choose a model').click();
    await panel.field('Search models').fill('openai-comp');
    await window.screenshot('models');
    await panel.button(/^OpenAI-compatible/).click();
    await panel.field('Address').last().fill(`${models.server.url}/v1`);
    await panel.button('Save address').click();
    await panel.field(/^Model$/).fill('test-model');
    await panel.button('Test connection').click();
    await panel.text(/began to answer/).waitFor();
    await window.screenshot('model-tested');
    await panel.button('Use this model').click();
    await panel.send('Hello?');
    await panel.shows('Good morning.');
  });

  it('says what the session has taken, and how full the window is', async () => {
    await panel.field('Context').waitFor();
    await panel.button(/^Tokens/).click();
    await panel.text('This session').waitFor();
    await panel.text(/\$0\.\d\d/).waitFor();
    await window.screenshot('usage');
    await panel.button(/^Tokens/).click();
  });

  it('stops before a request that would pass the budget, and goes on when that is raised', async () => {
    models.server.on({ userMessage: 'Go on.' }, { content: 'On we go.' });
    await window.runCommand('Countersign: Set Budget');
    await window.quickPick('Each session, in US dollars');
    await window.input('Each session', '0.005');
    await budgetIs('$0.005');
    await panel.send('Go on.');
    await panel.shows(/would pass the session's budget/);
    await window.screenshot('over-budget');
    await window.runCommand('Countersign: Set Budget');
    await window.quickPick('Each session, in US dollars');
    await window.input('Each session', '5');
    await budgetIs('$5.00');
    await panel.send('Go on.');
    await panel.shows('On we go.');
  });

  it('moves to another model in mid-session, counts down while that one is busy, and can be cancelled', async () => {
    busy.answer({ status: 429, headers: { 'retry-after': '45' }, body: '{"error":{"message":"Too many requests"}}' });
    await panel.button(/^test-model/).click();
    await panel.field('Search models').fill('groq');
    await panel.button(/^Groq/).click();
    await panel.field('API key').fill('gsk-0123456789abcdef');
    await panel.button('Save key').click();
    await panel.button('Use this model').click();
    await panel.shows(/^Now: /);
    await panel.send('Are you there?');
    await panel.shows(/Trying again in/);
    await window.screenshot('rate-limited');
    await panel.button('Cancel').click();
    await panel.shows(/stopped/i);
    const asked = busy.requests.filter(({ path }) => path.endsWith('/chat/completions'));
    assert.deepEqual(
      asked.map(({ headers }) => headers.authorization),
      ['Bearer gsk-0123456789abcdef'],
    );
  });
});
