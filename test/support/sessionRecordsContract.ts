import { strict as assert } from 'node:assert';
import { batchOf, recordOf, recordsOf } from './batches';
import type { SessionBench } from './sessionBench';

/** What every store must do with what is kept beside the history. What the bench opens is closed by whoever made it. */
export function sessionRecordsContract(bench: SessionBench): void {
  it('keeps a record at the place where it came first while others of its kind and id replace it', async () => {
    const log = await bench.create();
    await log.commit(batchOf(1, { records: [recordOf('b'), recordOf('a'), recordOf('b', 'media')] }));
    await log.commit(batchOf(2, { records: [recordOf('c'), recordOf('b', 'compaction', { n: 1 })] }));
    const earlier = { ...recordOf('d'), createdAt: 1 };
    await log.commit(batchOf(3, { records: [earlier, recordOf('a', 'compaction', { n: 2 })] }));
    const expected = [
      ...[recordOf('b', 'compaction', { n: 1 }), recordOf('a', 'compaction', { n: 2 }), recordOf('c'), earlier],
      recordOf('b', 'media'),
    ];
    assert.deepEqual(await recordsOf(log), expected);
    assert.deepEqual(await recordsOf(await bench.read()), expected);
    await log.close();
    const again = await bench.reopen();
    await again.commit(batchOf(4, { keepMessages: 0, records: [recordOf('e'), recordOf('c')] }));
    const ids = (await again.readRecords('compaction')).map(({ id }) => id);
    assert.deepEqual(ids, ['b', 'a', 'c', 'd', 'e'], 'they stay when the conversation goes back');
    assert.deepEqual(await again.readRecords('recovered_file'), []);
  });

  it('keeps a record of any size and text as it is', async () => {
    const strangeIds = ['', 'a\u0000b', 'a', '\ud800 alone', '\u{10ffff}'].map((id) => recordOf(id));
    const record = recordOf('"}\n', 'history_window', { text: '\u0000\n"}\u2028'.repeat(50_000), list: [{}] });
    const log = await bench.create();
    await log.commit({ envelopes: [], records: [record, ...strangeIds] });
    assert.deepEqual(await recordsOf(log), [...strangeIds, record]);
    assert.deepEqual(await recordsOf(await bench.read()), [...strangeIds, record]);
  });
}
