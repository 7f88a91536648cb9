import { strict as assert } from 'node:assert';
import { VendorKeys } from '../../../../src/extension/models/vendorKeys';
import { MemorySecrets } from '../../../support/memorySecrets';
import { refusalOf } from '../../../support/refusal';

const work = 'sk-work-0123456789-aaaa';
const home = 'sk-home-0123456789-bbbb';

describe('the keys of a vendor', () => {
  const setUp = () => {
    const secrets = new MemorySecrets();
    return { secrets, keys: new VendorKeys(secrets) };
  };

  it('are kept by name; the last one that was set is the current one', async () => {
    const { keys } = setUp();
    await keys.set('anthropic', 'work', work);
    await keys.set('anthropic', 'home', `  ${home}\n`);
    assert.equal(await keys.get('anthropic'), home);
    assert.equal(await keys.get('anthropic', 'work'), work);
    assert.equal(await keys.get('openai'), undefined);
    assert.deepEqual(await keys.views('anthropic'), [
      { name: 'home', hint: 'bbbb', current: true },
      { name: 'work', hint: 'aaaa', current: false },
    ]);
  });

  it('another one can become the current one, for every window', async () => {
    const { keys, secrets } = setUp();
    await keys.set('anthropic', 'work', work);
    await keys.set('anthropic', 'home', home);
    await keys.use('anthropic', 'work');
    assert.equal(await new VendorKeys(secrets).get('anthropic'), work);
    await refusalOf('invalid_value', keys.use('anthropic', 'gone'));
  });

  it('the current one is followed by another when it is removed', async () => {
    const { keys, secrets } = setUp();
    await keys.set('anthropic', 'work', work);
    await keys.set('anthropic', 'home', home);
    await keys.remove('anthropic', 'home');
    assert.equal(await keys.get('anthropic'), work);
    await keys.remove('anthropic', 'work');
    assert.equal(await keys.get('anthropic'), undefined);
    assert.deepEqual([...secrets.all], []);
  });

  it('a key of before, without a name, gets one and is not lost', async () => {
    const { keys, secrets } = setUp();
    secrets.all.set('countersign.apiKey.anthropic', work);
    secrets.all.set('countersign.apiKey.openai-compatible', home);
    assert.equal(await keys.get('anthropic'), work);
    assert.deepEqual(await keys.names('openai-compatible'), ['default']);
    assert.ok(![...secrets.all.keys()].some((name) => name.startsWith('countersign.apiKey.')));
  });

  it('a key of before that cannot be moved stays, and is moved the next time', async () => {
    const { keys, secrets } = setUp();
    secrets.all.set('countersign.apiKey.anthropic', work);
    const store = secrets.store.bind(secrets);
    secrets.store = () => Promise.reject(new Error('The key ring is locked.'));
    await assert.rejects(keys.get('anthropic'), /locked/);
    assert.equal(secrets.all.get('countersign.apiKey.anthropic'), work);
    secrets.store = store;
    assert.equal(await keys.get('anthropic'), work);
  });

  it('a newer key of the name "default" is not overwritten by one of before', async () => {
    const { keys, secrets } = setUp();
    await keys.set('anthropic', 'default', home);
    secrets.all.set('countersign.apiKey.anthropic', work);
    assert.equal(await new VendorKeys(secrets).get('anthropic'), home);
  });

  it('any name can be given to a key, and no vendor sees the keys of another', async () => {
    const { keys } = setUp();
    const name = 'Büro / "team" %2F';
    await keys.set('open', name, work);
    assert.deepEqual(await keys.names('open'), [name]);
    assert.deepEqual(await keys.names('openai'), []);
    assert.equal(await keys.get('open', name), work);
  });

  it('what cannot be a key is refused without quoting it', async () => {
    const { keys, secrets } = setUp();
    for (const wrong of ['   ', 'two words-0123456789', 'sk-ünicode-0123456789']) {
      const error = await refusalOf('invalid_value', keys.set('anthropic', 'default', wrong));
      assert.ok(wrong.trim() === '' || !`${error.message} ${error.advice}`.includes(wrong.trim()), error.message);
    }
    assert.equal(secrets.all.size, 0);
  });

  it('of a short key nothing is shown', async () => {
    const { keys } = setUp();
    await keys.set('openai-compatible', 'default', 'short-key');
    assert.deepEqual(await keys.views('openai-compatible'), [{ name: 'default', hint: '', current: true }]);
  });
});
