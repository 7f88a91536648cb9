import { strict as assert } from 'node:assert';
import { patientSecrets } from '../../../../src/extension/models/patientSecrets';
import { VendorKeys } from '../../../../src/extension/models/vendorKeys';
import { MemorySecrets } from '../../../support/memorySecrets';
import { refusalOf } from '../../../support/refusal';

const work = 'sk-work-0123456789-aaaa';
const home = 'sk-home-0123456789-bbbb';

describe('the keys of a vendor', () => {
  const setUp = () => {
    const secrets = new MemorySecrets();
    const addresses = new Map<string, string>();
    const open = () => new VendorKeys(secrets, (vendor) => addresses.get(vendor));
    return { secrets, addresses, open, keys: open() };
  };
  const keyOf = async (keys: VendorKeys, vendor: string, name?: string): Promise<string | undefined> => {
    const found = await keys.find(vendor, name);
    return found?.givenFor === undefined ? found?.key : undefined;
  };

  it('are kept by name; the last one that was set is the current one', async () => {
    const { keys } = setUp();
    await keys.set('anthropic', 'work', work);
    await keys.set('anthropic', 'home', `  ${home}\n`);
    assert.equal(await keyOf(keys, 'anthropic'), home);
    assert.equal(await keyOf(keys, 'anthropic', 'work'), work);
    assert.equal(await keyOf(keys, 'openai'), undefined);
    assert.deepEqual(await keys.views('anthropic'), [
      { name: 'home', hint: 'bbbb', current: true },
      { name: 'work', hint: 'aaaa', current: false },
    ]);
  });

  it('another one can become the current one, for every window', async () => {
    const { keys, open } = setUp();
    await keys.set('anthropic', 'work', work);
    await keys.set('anthropic', 'home', home);
    await keys.use('anthropic', 'work');
    assert.equal(await keyOf(open(), 'anthropic'), work);
    await refusalOf('invalid_value', keys.use('anthropic', 'gone'));
  });

  it('the only one that is left is the current one; of several none takes the place of a removed one', async () => {
    const { keys, secrets } = setUp();
    await keys.set('anthropic', 'work', work);
    await keys.set('anthropic', 'third', 'sk-third-0123456789-cccc');
    await keys.set('anthropic', 'home', home);
    await keys.remove('anthropic', 'home');
    assert.deepEqual([await keys.currentName('anthropic'), await keyOf(keys, 'anthropic')], [undefined, undefined]);
    assert.ok((await keys.views('anthropic')).every(({ current }) => !current));
    await keys.remove('anthropic', 'third');
    assert.equal(await keyOf(keys, 'anthropic'), work);
    await keys.remove('anthropic', 'work');
    assert.equal(await keyOf(keys, 'anthropic'), undefined);
    assert.deepEqual([...secrets.all], []);
  });

  it('a key of before, without a name, gets one and is not lost', async () => {
    const { keys, secrets } = setUp();
    secrets.all.set('countersign.apiKey.anthropic', work);
    secrets.all.set('countersign.apiKey.openai-compatible', home);
    assert.equal(await keyOf(keys, 'anthropic'), work);
    assert.deepEqual(await keys.names('openai-compatible'), ['default']);
    assert.ok(![...secrets.all.keys()].some((name) => name.startsWith('countersign.apiKey.')));
  });

  it('a key of before that cannot be moved stays, and is moved the next time', async () => {
    const { keys, secrets } = setUp();
    secrets.all.set('countersign.apiKey.anthropic', work);
    const store = secrets.store.bind(secrets);
    secrets.store = () => Promise.reject(new Error('The key ring is locked.'));
    await assert.rejects(keyOf(keys, 'anthropic'), /locked/);
    assert.equal(secrets.all.get('countersign.apiKey.anthropic'), work);
    secrets.store = store;
    assert.equal(await keyOf(keys, 'anthropic'), work);
  });

  it('a key of before beside a newer one of the name "default" is kept as "old", and the newer one is used', async () => {
    const { secrets, open } = setUp();
    secrets.all.set('countersign.key/anthropic/default', home);
    secrets.all.set('countersign.apiKey.anthropic', work);
    const keys = open();
    assert.equal(await keyOf(keys, 'anthropic'), home);
    assert.equal(await keyOf(keys, 'anthropic', 'old'), work);
    assert.ok(!secrets.all.has('countersign.apiKey.anthropic'));
  });

  it('a key of before that finds no free name is not deleted', async () => {
    const { secrets, open } = setUp();
    secrets.all.set('countersign.key/anthropic/default', home);
    secrets.all.set('countersign.key/anthropic/old', 'sk-third-0123456789-cccc');
    secrets.all.set('countersign.apiKey.anthropic', work);
    await open().names('anthropic');
    assert.equal(secrets.all.get('countersign.apiKey.anthropic'), work);
  });

  it('a key belongs to the address that it was given for, and is not sent to another one', async () => {
    const { keys, addresses } = setUp();
    addresses.set('azure', 'https://a.example/openai/v1');
    await keys.set('azure', 'default', work);
    addresses.set('azure', 'https://a.example/other');
    assert.equal(await keyOf(keys, 'azure'), work);
    for (const other of ['https://b.example', 'https://a.example:8443', 'http://a.example']) {
      addresses.set('azure', other);
      assert.deepEqual(await keys.find('azure'), { name: 'default', key: work, givenFor: 'a.example' });
    }
    assert.deepEqual(await keys.views('azure'), [
      { name: 'default', hint: 'aaaa', current: true, givenFor: 'a.example' },
    ]);
    await keys.use('azure', 'default');
    assert.equal(await keyOf(keys, 'azure'), work);
    addresses.set('azure', 'https://a.example');
    assert.equal(await keyOf(keys, 'azure'), work);
    await keys.set('azure', 'default', home);
    addresses.set('azure', 'http://a.example');
    assert.equal(await keyOf(keys, 'azure'), undefined);
  });

  it('a key that was kept without an address belongs to the one in force when it is first read', async () => {
    const { keys, secrets, addresses } = setUp();
    secrets.all.set('countersign.key/azure/default', work);
    secrets.all.set('countersign.apiKey.groq', home);
    addresses.set('azure', 'https://a.example').set('groq', 'https://api.groq.com/openai/v1');
    assert.deepEqual([await keyOf(keys, 'azure'), await keyOf(keys, 'groq')], [work, home]);
    addresses.set('azure', 'https://b.example').set('groq', 'https://b.example');
    assert.deepEqual([await keyOf(keys, 'azure'), await keyOf(keys, 'groq')], [undefined, undefined]);
  });

  it('a key ring that never answers is given up, with what to do', async () => {
    const { secrets } = setUp();
    secrets.keys = () => new Promise(() => undefined);
    const keys = new VendorKeys(patientSecrets(secrets, { readMs: 10, writeMs: 10 }), () => undefined);
    const error = await refusalOf('invalid_value', keys.names('anthropic'));
    assert.match(`${error.message} ${error.advice}`, /key ring did not answer .* Unlock/);
  });

  it('any name can be given to a key, and no vendor sees the keys of another', async () => {
    const { keys } = setUp();
    const name = 'Büro / "team" %2F';
    await keys.set('open', name, work);
    assert.deepEqual(await keys.names('open'), [name]);
    assert.deepEqual(await keys.names('openai'), []);
    assert.equal(await keyOf(keys, 'open', name), work);
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
