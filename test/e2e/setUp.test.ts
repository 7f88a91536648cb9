import { temporaryFolder } from '../../scripts/temporaryFolder.mjs';
import { startMockModels, type MockModels } from '../support/mockModels';
import { Panel } from '../support/panel';
import { openWindow, type VsCodeWindow } from '../support/vscodeWindow';

describe('setting a model up', () => {
  let models: MockModels;
  let window: VsCodeWindow;

  before(async () => {
    models = await startMockModels();
    const folder = temporaryFolder('workspace');
    window = await openWindow({ folder, developmentPath: process.cwd(), settings: {} });
  });
  after(async () => {
    await window.close();
    await models.stop();
  });

  it('goes from the first look over address and test to an answer, in the panel alone', async () => {
    models.server.on({ userMessage: 'Hello?' }, { content: 'Good morning.' });
    const panel = await Panel.open(window);
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
    await panel.field('Context').waitFor();
    await panel.button(/^Tokens/).click();
    await window.screenshot('usage');
    await panel.text('This session').waitFor();
  });
});
