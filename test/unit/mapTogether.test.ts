import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { mapTogether } from '../../src/core/util/mapTogether';

describe('mapTogether', () => {
  it('gives the results in the order of the items, and does no more at once than it may', async () => {
    let [under, most] = [0, 0];
    const results = await mapTogether([5, 1, 4, 2, 3], 2, async (ms) => {
      most = Math.max(most, ++under);
      await sleep(ms);
      under--;
      return ms * 10;
    });
    assert.deepEqual(results, [50, 10, 40, 20, 30]);
    assert.equal(most, 2);
  });

  it('throws the first failure once nothing is under way any more, and begins nothing after it', async () => {
    const [begun, over]: [number[], number[]] = [[], []];
    const work = async (item: number): Promise<void> => {
      begun.push(item);
      await sleep(item * 5);
      if (item === 1) throw new Error('one');
      over.push(item);
    };
    await assert.rejects(mapTogether([1, 3, 2, 4], 2, work), { message: 'one' });
    assert.deepEqual([begun, over], [[1, 3], [3]]);
  });
});
