import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { BoundedOutput, RecentOutput } from '../../../src/node/commands/boundedOutput';
import { LiveOutput } from '../../../src/node/commands/liveOutput';
import { OutputText } from '../../../src/node/commands/outputText';

const escape = String.fromCharCode(27);

function cleaned(...chunks: readonly (string | Buffer)[]): string {
  const text = new OutputText();
  return chunks.map((chunk) => text.write(Buffer.from(chunk))).join('') + text.end();
}

describe('OutputText', () => {
  it('passes complete lines on and keeps the rest back', () => {
    const text = new OutputText();
    assert.deepEqual([text.write(Buffer.from('a\nb')), text.current, text.end()], ['a\n', 'b', 'b']);
  });

  it('does not cut a long line inside of an escape sequence', () => {
    assert.equal(cleaned(`${'x'.repeat(8_200)}${escape}[3`, '1mred\n'), `${'x'.repeat(8_200)}red\n`);
  });

  it('takes CRLF for a line end, in halves too, and a lone \\r for overwriting', () => {
    assert.equal(cleaned('a\r', '\nb\r\n'), 'a\nb\n');
    assert.equal(cleaned('10%\r20%\r', '30%\r\ndone\r'), '30%\ndone');
  });

  it('gives the same for every way of cutting the bytes into chunks', () => {
    const piece = fc.constantFrom(
      'a',
      'ü',
      '😀',
      '\n',
      '\r\n',
      `${escape}[1;31m`,
      `${escape}]8;;http://x\u0007`,
      '\t',
      'word ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.nat({ max: 12 })), (pieces, sizes) => {
        const bytes = Buffer.from(pieces.join(''));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        assert.equal(cleaned(...chunks, bytes.subarray(at)), cleaned(bytes));
      }),
      { numRuns: 300 },
    );
  });
});

describe('BoundedOutput', () => {
  it('is the text as it came up to 64 K characters', () => {
    const output = new BoundedOutput();
    const text = 'line\n'.repeat(13_000);
    for (let at = 0; at < text.length; at += 777) output.add(text.slice(at, at + 777));
    assert.equal(output.toString(), text);
  });

  it('counts exactly what it left out', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 60_000 }), { maxLength: 12 }), (sizes) => {
        const output = new BoundedOutput();
        for (const size of sizes) output.add('😀'.repeat(size / 2));
        const total = sizes.reduce((sum, size) => sum + 2 * Math.floor(size / 2), 0);
        const text = output.toString();
        const omitted = Number(/\n\[… ([\d,]+) characters left out …\]\n/.exec(text)?.[1]?.replaceAll(',', '') ?? '0');
        const kept = text.replace(/\n\[…[^\]]*\]\n/, '').length;
        assert.equal(kept + omitted, total);
        assert.ok(kept <= 65_536 && !/\p{Cs}/u.test(text));
      }),
    );
  });
});

describe('RecentOutput', () => {
  it('gives each character once', () => {
    const output = new RecentOutput();
    output.add('a');
    assert.deepEqual([output.take(), output.take()], ['a', '']);
    output.add('b');
    assert.equal(output.take(), 'b');
  });
});

describe('LiveOutput', () => {
  it('shows a line that grows only once', async () => {
    let current = '';
    const seen: string[] = [];
    const live = new LiveOutput(
      (text) => seen.push(text),
      () => current,
    );
    const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 150));
    current = 'work';
    await wait();
    current = 'working';
    await wait();
    current = '';
    live.add('working: done\n');
    live.end();
    assert.deepEqual(seen, ['work', 'ing', ': done\n']);
  });
});
