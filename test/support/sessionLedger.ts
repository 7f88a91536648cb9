import { strict as assert } from 'node:assert';
import type { SessionLog } from '../../src/core/store/store';
import { noUsage, type ModelSpending } from '../../src/core/protocol/usage';
import { batchOf, callOf, collect, recordOf, textMessage } from './batches';

/** Commits the next `count` batches, each with an event, a message and a tool call, a record and a sum that replace those before. @returns the last seq */
export async function appendBatches(log: SessionLog, count: number): Promise<number> {
  let { lastSeq } = await log.load();
  for (let done = 0; done < count; done++) {
    lastSeq += 1;
    const ended = lastSeq > 1 ? [callOf(`call ${lastSeq - 1}`, 'COMPLETED')] : [];
    const messages = [textMessage(textOf(lastSeq))];
    const toolCalls = [...ended, callOf(`call ${lastSeq}`, 'EXECUTING')];
    const records = [recordOf('newest', 'compaction', { seq: lastSeq }), recordOf(`of ${lastSeq % 10}`, 'media')];
    await log.commit(batchOf(lastSeq, { messages, toolCalls, records, spending: spentUntil(lastSeq) }));
  }
  return lastSeq;
}

/** The batches that are there: all of them whole and right, none missing before the last. @returns the last seq */
export async function readBatches(
  log: Pick<SessionLog, 'load' | 'readMessages' | 'readEvents' | 'readRecords'>,
): Promise<number> {
  const { lastSeq, messageCount, openToolCalls, spending } = await log.load();
  assert.deepEqual(spending, lastSeq === 0 ? [] : spentUntil(lastSeq));
  const newest = await log.readRecords('compaction');
  assert.deepEqual(newest, lastSeq === 0 ? [] : [recordOf('newest', 'compaction', { seq: lastSeq })]);
  assert.equal((await log.readRecords('media')).length, Math.min(lastSeq, 10));
  assert.equal(messageCount, lastSeq);
  assert.deepEqual(
    openToolCalls.map(({ id }) => id),
    lastSeq === 0 ? [] : [`call ${lastSeq}`],
  );
  const messages = await log.readMessages();
  messages.forEach((message, index) => assert.deepEqual(message, textMessage(textOf(index + 1))));
  assert.equal(messages.length, lastSeq);
  const seqs = (await collect(log.readEvents())).map(({ bookmark }) => bookmark.seq);
  assert.deepEqual(
    seqs,
    messages.map((_message, index) => index + 1),
  );
  return lastSeq;
}

function spentUntil(seq: number): readonly ModelSpending[] {
  return [{ vendor: 'v', model: 'm', calls: seq, unpricedCalls: 0, usage: { ...noUsage, cost: seq / 4 } }];
}

function textOf(seq: number): string {
  return `${seq} `.repeat(1 + ((seq * 7919) % 200));
}
