import { strict as assert } from 'node:assert';
import { performance } from 'node:perf_hooks';
import { LocalSandbox } from '../../src/node/localSandbox';
import { neverAborted, refusalOf } from '../support/refusal';
import { useTempFolder } from '../support/tempFolder';

const request = { path: undefined, regex: true, caseSensitive: true, glob: undefined, limit: 10 };

describe('attack: patterns that never come to an end', function () {
  this.timeout(30_000);
  const temp = useTempFolder();
  const search = (): LocalSandbox['search'] => new LocalSandbox({ workDir: temp.path, ripgrep: false }).search;

  /** How long the host was held up at most, while the work ran. */
  async function longestPauseMs(work: Promise<unknown>): Promise<number> {
    let last = performance.now();
    let longest = 0;
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 10);
    await work;
    clearInterval(timer);
    return longest;
  }

  it('gives a regular expression up after 10 s, and the host works meanwhile', async () => {
    await temp.write({ 'a.txt': `${'a'.repeat(60)}!\n` });
    const start = performance.now();
    const pauseMs = await longestPauseMs(
      refusalOf('timeout', search().grep({ ...request, pattern: '^(a+)+$' }, neverAborted)),
    );
    const tookMs = performance.now() - start;
    assert.ok(tookMs > 9_000 && tookMs < 12_000, `${tookMs} ms`);
    assert.ok(pauseMs < 500, `the host paused for ${pauseMs} ms`);
  });

  it('an ignore file cannot hold the host up', async () => {
    await temp.write({
      '.gitignore': `${'/**/a'.repeat(7)}/**/b\n!${'/**/a'.repeat(7)}/**/b\n${'*a'.repeat(9)}b\n`,
      '.countersignignore': `hidden${'/**/a'.repeat(7)}\n`,
      [`${'a/'.repeat(60)}x`]: 'hi',
      [`${'b/'.repeat(200)}x`]: 'hi',
      ['a'.repeat(200)]: 'hi',
      'hidden/x': 'hi',
    });
    const start = performance.now();
    const pauseMs = await longestPauseMs(search().grep({ ...request, pattern: 'hi' }, neverAborted));
    assert.ok(performance.now() - start < 3_000 && pauseMs < 500, `the host paused for ${pauseMs} ms`);
  });

  it('is stopped at once by an abort', async () => {
    await temp.write({ 'a.txt': `${'a'.repeat(60)}!\n` });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('stopped')), 200);
    const start = performance.now();
    await assert.rejects(search().grep({ ...request, pattern: '(a|a)*$' }, stop.signal), /stopped/);
    assert.ok(performance.now() - start < 1_500);
  });

  it('ends a glob that never comes to an end', async () => {
    await temp.write({ ['a'.repeat(250)]: '' });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('stopped')), 500);
    const pattern = `${'*a'.repeat(30)}*b`;
    let pauseMs = 0;
    const work = search().glob({ pattern, cwd: undefined, dot: true, limit: 10 }, stop.signal);
    await assert.rejects(async () => {
      pauseMs = await longestPauseMs(work.catch(() => undefined));
      await work;
    }, /stopped/);
    assert.ok(pauseMs < 400, `the host paused for ${pauseMs} ms`);
  });

  it('does not expand braces without bound', async () => {
    await temp.write({ a1: '' });
    for (const pattern of ['a{1..1000000000}', '{a,b}'.repeat(150), '{'.repeat(500)]) {
      const start = performance.now();
      await Promise.allSettled([search().glob({ pattern, cwd: undefined, dot: false, limit: 10 }, neverAborted)]);
      assert.ok(performance.now() - start < 2_000, pattern.slice(0, 20));
    }
  });

  it('finds plain text that would be a bomb as an expression', async () => {
    await temp.write({ 'a.txt': `(a+)+$ ${'a'.repeat(5_000)}` });
    const { matches } = await search().grep({ ...request, regex: false, pattern: '(a+)+$' }, neverAborted);
    assert.equal(matches.length, 1);
  });
});
