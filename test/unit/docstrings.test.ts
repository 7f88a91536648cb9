import { strict as assert } from 'node:assert';
import { publicExports } from '../../scripts/publicExports.mjs';

describe('the public exports', function () {
  this.timeout(60_000);

  it('each have a docstring', () => {
    const all = publicExports();
    assert.ok(all.length > 150);
    assert.deepEqual(
      all.filter(({ docs }) => docs === '').map(({ face, name }) => `${face}: ${name}`),
      [],
    );
  });
});
