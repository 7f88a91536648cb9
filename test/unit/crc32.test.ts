import { strict as assert } from 'node:assert';
import { crc32 } from '../../src/core/util/crc32';

describe('crc32', () => {
  it('agrees with the numbers that the world knows', () => {
    assert.equal(crc32('123456789'), 0xcbf43926);
    assert.equal(crc32(''), 0);
    assert.equal(crc32('The quick brown fox jumps over the lazy dog'), 0x414fa339);
  });

  it('takes a text as its bytes in UTF-8', () => {
    assert.equal(crc32('\u{1f600}\u00e9'), crc32(Buffer.from('\u{1f600}\u00e9', 'utf8')));
  });
});
