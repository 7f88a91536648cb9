import { strict as assert } from 'node:assert';
import { appendFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { AgentId } from '../../../../src/core/protocol/ids';
import { emptyMeta } from '../../../../src/core/store/meta';
import { FileSessionStore } from '../../../../src/node/store/fileSessionStore';
import { jsonFormat } from '../../../../src/node/store/jsonLog';
import type { SearchHit, SearchOptions } from '../../../../src/node/store/sessionSearch';
import { storageSize } from '../../../../src/node/store/storageSize';
import { batchOf, collect, envelopeOf, recordOf, textMessage } from '../../../support/batches';
import { neverAborted } from '../../../support/refusal';
import { useTempFolder } from '../../../support/tempFolder';

const id = (text: string): AgentId => text as AgentId;

describe('The search over all sessions', () => {
  const temp = useTempFolder();
  const storeOf = (): FileSessionStore => new FileSessionStore({ dir: temp.path, format: jsonFormat() });
  const search = (query: string, opts: SearchOptions = {}): Promise<readonly SearchHit[]> =>
    collect(storeOf().search(query, opts, neverAborted));
  const message = (text: string, name = text.slice(0, 20)) => ({
    ...textMessage(name),
    content: [{ type: 'text', text } as const],
  });

  /** A session whose title is the first of these texts. */
  async function session(name: string, texts: readonly string[], at = 1_000_000): Promise<void> {
    const log = await storeOf().open(id(name), 'create');
    const messages = texts.map((text, index) => message(text, `${name}-${index}`));
    const rest = { channel: 'monitor', type: 'state_changed', state: 'READY' } as const;
    const envelope = { ...envelopeOf(2, rest), bookmark: { seq: 2, timestamp: at } };
    await log.commit(batchOf(1, { messages }));
    await log.commit({ envelopes: [envelope] });
    await log.close();
  }

  it('finds all words in any order, in upper and lower case, as parts of words', async () => {
    await session('agt-a', ['Title', 'The Lease is taken over by LINK', 'only the lease']);
    const [hit, ...more] = await search('link  ease');
    assert.deepEqual(more, []);
    assert.deepEqual(hit?.in, { kind: 'message', messageId: 'agt-a-1', role: 'user', createdAt: 1_000_000 });
    assert.deepEqual([hit.before, hit.match, hit.after], ['The Lease is taken over by ', 'LINK', '']);
    assert.deepEqual(await search('   '), []);
    assert.deepEqual(await search('nowhere'), []);
  });

  it('takes every character as it stands', async () => {
    const texts = ['Title', 'a.*b', 'say "hi" \\n now', 'größer ÜBER 😀 emoji', 'x\ny'];
    await session('agt-a', texts);
    for (const [query, found] of [
      ['.*', 1],
      ['"HI"', 1],
      ['\\n', 1],
      ['über', 1],
      ['GRÖSSER', 0],
      ['😀', 1],
      ['x y', 1],
      ['messageId', 0],
      ['[', 0],
    ] as const)
      assert.equal((await search(query)).length, found, query);
  });

  it('finds what a compaction stands for in requests, as it was said', async () => {
    await session('agt-a', ['Title', 'the needle that was said']);
    const log = await storeOf().open(id('agt-a'), 'existing');
    const compaction = recordOf('1', 'compaction', { messageCount: 2, summary: 'A summary of the needle.' });
    await log.commit({ envelopes: [], records: [compaction] });
    await log.commit({ envelopes: [], messages: [message('What comes after it')] });
    await log.close();
    const found = async (): Promise<readonly string[]> =>
      (await search('needle')).map(({ before, match, after }) => before + match + after);
    assert.deepEqual(await found(), ['the needle that was said']);
    await writeFile(path.join(storeOf().layout.sessionFolder(id('agt-a')), 'meta.json'), '');
    await storeOf().summaries();
    assert.deepEqual(await found(), ['the needle that was said'], 'also from a list that was made again');
  });

  it('shows the last changed session first and finds titles too', async () => {
    await session('agt-old', ['needle in the title', 'needle'], 1_000);
    await session('agt-new', ['Other', 'a needle'], 2_000);
    const hits = await search('needle');
    assert.deepEqual(
      hits.map(({ agentId, in: where }) => `${agentId} ${where.kind}`),
      ['agt-new message', 'agt-old title', 'agt-old message', 'agt-old message'],
    );
    assert.equal((await search('needle', { maxPerSession: 1 })).length, 3);
  });

  it('shortens what stands around the match, at words', async () => {
    await session('agt-a', ['Title', `${'before '.repeat(100)}needle${' after'.repeat(100)}`]);
    const [hit] = await search('needle');
    assert.ok(hit);
    assert.match(hit.before, /^…(before ){2,6}$/);
    assert.match(hit.after, /^( after){5,17}…$/);
  });

  it('finds what lies on the border between two slices, in a line of many slices, and after a torn line', async () => {
    await session('agt-a', ['Title', `${'ö'.repeat(90_000)} needle ${'ü'.repeat(200_000)}`]);
    await session('agt-b', [
      'Title',
      ...Array.from({ length: 3_000 }, (_none, index) => `needle${index} ${'x'.repeat(50)}`),
    ]);
    assert.equal((await search('needle', { maxPerSession: 1_000_000 })).length, 3_001);
    const file = path.join(storeOf().layout.sessionFolder(id('agt-b')), 'text.jsonl');
    await appendFile(file, '\n{"messageId":"torn","text":"need');
    const log = await storeOf().open(id('agt-b'), 'existing');
    await log.commit({ envelopes: [], messages: [message('a needle after the crash')] });
    await log.close();
    assert.equal((await search('after crash')).length, 1);
  });

  it('finds a message once that was written twice around a crash', async () => {
    await session('agt-a', ['Title', 'needle']);
    const line = { messageId: 'agt-a-1', role: 'user', text: 'needle', createdAt: 1_000_000 };
    await appendFile(path.join(storeOf().layout.sessionFolder(id('agt-a')), 'text.jsonl'), `\n${JSON.stringify(line)}`);
    assert.equal((await search('needle')).length, 1);
  });

  it('searches 2,000 sessions without keeping the event loop, streams, and stops when it is told to', async function () {
    this.timeout(60_000);
    const files: Record<string, string> = {};
    for (let index = 0; index < 2_000; index++) {
      const agentId = id(`agt-${index}`);
      const lines = Array.from({ length: 100 }, (_none, place) => ({
        ...{ messageId: `m${place}`, role: 'user', createdAt: 1 },
        text: `word ${place} ${'of a longer text '.repeat(10)}${index % 100 === 0 && place === 99 ? 'needle' : ''}`,
      }));
      files[`v1/sessions/agt-${index}/meta.json`] = JSON.stringify({ ...emptyMeta(agentId, index), title: 'x' });
      files[`v1/sessions/agt-${index}/text.jsonl`] = lines.map((line) => JSON.stringify(line)).join('\n');
    }
    await temp.write(files);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const began = performance.now();
    let firstMs = 0;
    delay.enable();
    let hits = 0;
    for await (const { agentId } of storeOf().search('NEEDLE word', {}, neverAborted)) {
      if (hits++ === 0) firstMs = performance.now() - began;
      assert.equal(agentId, `agt-${2_000 - hits * 100}`);
    }
    delay.disable();
    const ms = performance.now() - began;
    const [longest, most] = [delay.max / 1e6, delay.percentile(99) / 1e6];
    if (process.env['COUNTERSIGN_TIMES'])
      console.log(
        `      first ${firstMs.toFixed()} ms, all ${ms.toFixed()} ms; loop: 99% ${most.toFixed(1)} ms, longest ${longest.toFixed(1)} ms`,
      );
    assert.equal(hits, 20);
    assert.ok(most < 50, `the event loop was kept for ${most} ms`);
    const stop = new AbortController();
    await assert.rejects(async () => {
      for await (const hit of storeOf().search('needle', {}, stop.signal))
        stop.abort(new Error(`enough: ${hit.agentId}`));
    }, /enough: agt-1900/);
    for await (const hit of storeOf().search('needle', {}, neverAborted)) {
      assert.equal(hit.agentId, 'agt-1900');
      break;
    }
  });

  it('is told how much the store takes on the disk', async () => {
    assert.equal(await storageSize(path.join(temp.path, 'nothing'), neverAborted), 0);
    await session('agt-a', ['Title', 'x'.repeat(50_000)]);
    const before = await storeOf().size(neverAborted);
    await writeFile(path.join(storeOf().layout.sessionFolder(id('agt-a')), 'more'), 'x'.repeat(1_234));
    assert.equal(await storeOf().size(neverAborted), before + 1_234);
    assert.ok(before > 100_000 && before < 200_000, String(before));
    await assert.rejects(storeOf().size(AbortSignal.abort(new Error('stop'))), /stop/);
  });
});
