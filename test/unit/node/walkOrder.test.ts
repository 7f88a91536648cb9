import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { WalkOrder } from '../../../src/node/search/walkOrder';

describe('The order of a walk', () => {
  it('is folder by folder, names by code unit, each path once, however the paths come', () => {
    const name = fc.constantFrom('a', 'b', 'B', 'a.b', 'a-b', 'ä', '!', 'ab');
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(fc.array(path, { maxLength: 40 }), (paths) => {
        const order = new WalkOrder();
        for (const one of paths) order.add(one);
        // A folder's slash before all other characters.
        const key = (one: string): string => one.replaceAll('/', '\0');
        const expected = [...new Set(paths)].sort((one, other) => (key(one) < key(other) ? -1 : 1));
        assert.deepEqual([...order.paths()], expected);
      }),
      { numRuns: 1_000 },
    );
  });
});
