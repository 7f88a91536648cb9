import { strict as assert } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import { Turns } from '../../src/core/util/turns';

describe('turns', () => {
  it('never run two at once, keep their order, and go on behind a failure', async () => {
    const turns = new Turns();
    const seen: string[] = [];
    const work = (name: string, ms: number, fails = false): Promise<string> =>
      turns.take(async () => {
        seen.push(`${name} begins`);
        await delay(ms);
        seen.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const all = await Promise.allSettled([work('a', 20), work('b', 10, true), work('c', 0)]);
    assert.deepEqual(seen, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
    assert.deepEqual(
      all.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
  });
});
