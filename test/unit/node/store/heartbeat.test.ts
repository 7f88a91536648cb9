import { strict as assert } from 'node:assert';
import { Heartbeats } from '../../../../src/node/store/heartbeat';
import { useTempFolder } from '../../../support/tempFolder';

describe('A heartbeat', () => {
  const temp = useTempFolder();

  it('that starts while the one before it ends is there', async () => {
    const heartbeats = new Heartbeats(temp.path);
    for (let round = 0; round < 50; round++) {
      const first = await heartbeats.start('holder');
      const [, second] = await Promise.all([first.end(), heartbeats.start('holder')]);
      assert.ok(await heartbeats.last('holder'), `in round ${round}`);
      await second.end();
      assert.equal(await heartbeats.last('holder'), undefined);
    }
  });
});
