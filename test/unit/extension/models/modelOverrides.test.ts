import { strict as assert } from 'node:assert';
import { modelOverride } from '../../../../src/extension/models/modelOverrides';

describe('the setting countersign.models', () => {
  it('of which one entry is wrong says of the other models what it says, and the wrong one is reported', () => {
    const setting = {
      'ollama:*': { window: 1_000 },
      'ollama:odd': { window: 'large', maxOutput: 10 },
      'openai:gpt-5.4': { input: 1, output: 2 },
      nonsense: 3,
    };
    const problems: string[] = [];
    const of = (vendor: string, model: string) =>
      modelOverride(setting, { vendor, model }, (error) => problems.push(String(error)));
    assert.deepEqual(of('openai', 'gpt-5.4'), { price: { input: 1, output: 2 } });
    assert.deepEqual(of('anthropic', 'any'), {});
    assert.deepEqual(problems, []);
    assert.deepEqual(of('ollama', 'odd'), { windowTokens: 1_000 });
    assert.match(problems.join(), /ollama:odd\.window/);
  });
});
