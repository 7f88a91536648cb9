import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { isAgentId, newAgentId } from '../../../../src/core/protocol/ids';
import { agentIdOf, folderNameOf } from '../../../../src/node/store/folderNames';

describe('The name of a session’s folder', () => {
  it('is the id itself where that is plain', () => {
    const id = newAgentId();
    assert.equal(folderNameOf(id), id);
  });

  it('can be used on every system', () => {
    for (const id of [
      'CON',
      'con',
      'nul',
      'Com1',
      'a.',
      'a ',
      '.git',
      'a:b',
      '*?"<>|',
      'é'.repeat(200),
      '~',
      'a\u00a0b',
    ]) {
      const name = folderNameOf(id);
      assert.match(name, /^[a-z0-9_%-]{1,100}$/, id);
      assert.ok(!/^(con|nul|com1)$/.test(name));
    }
  });

  it('is another one for every id, also where upper and lower case are the same, and says the id', () => {
    const id = fc.string({
      unit: fc.constantFrom('a', 'A', 'é', 'e\u0301', '%', '4', '1', 'h', '\ud800', '\udfff', '-'),
    });
    fc.assert(
      fc.property(id.filter(isAgentId), id.filter(isAgentId), (one, other) => {
        assert.equal(folderNameOf(one).toLowerCase() === folderNameOf(other).toLowerCase(), one === other);
        assert.ok([one, undefined].includes(agentIdOf(folderNameOf(one))));
        assert.equal(agentIdOf(folderNameOf(one)) === undefined, folderNameOf(one).startsWith('%h'));
      }),
      { numRuns: 2_000 },
    );
  });

  it('says no id where it is none of ours', () => {
    for (const name of ['', '%', 'A', '%41%', '%61', '..', '%2e%2e', 'x@1', `%h${'0'.repeat(64)}`])
      assert.equal(agentIdOf(name), undefined, name);
  });
});
