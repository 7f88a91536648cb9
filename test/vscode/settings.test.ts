import { strict as assert } from 'node:assert';
import { ConfigurationTarget, workspace } from 'vscode';
import {
  budgetsSetting,
  endpointSetting,
  headersSetting,
  requestOptionsSetting,
  modelSetting,
  setBudgetSetting,
  setEndpointSetting,
  setModelSetting,
} from '../../src/extension/settings';

describe('the settings of models and budgets', () => {
  const set = async (name: string, value: unknown): Promise<void> =>
    workspace.getConfiguration('countersign').update(name, value, ConfigurationTarget.Global);

  afterEach(async () => {
    for (const name of [
      'model',
      'endpoints',
      'headers',
      'requestOptions',
      'budget.sessionUsd',
      'budget.dayUsd',
      'budget.dayTokens',
    ])
      await set(name, undefined);
  });

  it('there is no budget until the user sets one, and none again when it is taken away', async () => {
    assert.deepEqual(budgetsSetting(), {});
    await setBudgetSetting('sessionUsd', 2.5);
    await setBudgetSetting('dayTokens', 100_000);
    assert.deepEqual(budgetsSetting(), { session: { usd: 2.5 }, day: { tokens: 100_000 } });
    await setBudgetSetting('sessionUsd', undefined);
    await set('budget.dayTokens', null);
    assert.deepEqual(budgetsSetting(), {});
  });

  it('a budget of 0 is a budget, what is no amount is none', async () => {
    await set('budget.dayUsd', 0);
    await set('budget.sessionUsd', 'much');
    assert.deepEqual(budgetsSetting(), { day: { usd: 0 } });
  });

  it('an endpoint is set and taken back without touching the others', async () => {
    await set('endpoints', { ollama: 'http://127.0.0.1:1/v1' });
    await setEndpointSetting('openai', 'https://models.example.com/v1');
    assert.equal(endpointSetting('openai'), 'https://models.example.com/v1');
    await setEndpointSetting('openai', '');
    assert.deepEqual([endpointSetting('openai'), endpointSetting('ollama')], [undefined, 'http://127.0.0.1:1/v1']);
  });

  it('of headers only texts count', async () => {
    await set('headers', { openai: { 'X-Team': 'tools', 'X-Wrong': 1 }, ollama: 'no' });
    assert.deepEqual([headersSetting('openai'), headersSetting('ollama')], [{ 'X-Team': 'tools' }, undefined]);
  });

  it('of request options only objects count', async () => {
    await set('requestOptions', { openai: { service_tier: 'flex' }, groq: 'fast' });
    assert.deepEqual(
      [requestOptionsSetting('openai'), requestOptionsSetting('groq')],
      [{ service_tier: 'flex' }, undefined],
    );
  });

  it('the model stays readable, colons in its name included', async () => {
    await setModelSetting({ vendor: 'ollama', model: 'qwen3:8b', effort: 'high', keyName: 'work' });
    assert.equal(workspace.getConfiguration('countersign').get('model'), 'ollama:qwen3:8b');
    assert.deepEqual(modelSetting(), { vendor: 'ollama', model: 'qwen3:8b' });
  });

  it('a workspace has no say in any of it', async () => {
    for (const [name, value] of [
      ['model', 'openai:bad'],
      ['budget.sessionUsd', 1_000_000],
      ['endpoints', { openai: 'https://evil.example.com' }],
    ] as const)
      await assert.rejects(
        async () => workspace.getConfiguration('countersign').update(name, value, ConfigurationTarget.Workspace),
        name,
      );
    assert.deepEqual([modelSetting(), budgetsSetting(), endpointSetting('openai')], [undefined, {}, undefined]);
  });
});
