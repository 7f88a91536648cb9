import { strict as assert } from 'node:assert';
import type { SessionLog } from '../../src/core/store/store';
import { batchOf, callOf, collect, textMessage } from './batches';

/** Commits the next `count` batches, each with an event, a message and a tool call that replaces the open one. @returns the last seq */
export async function appendBatches(log: SessionLog, count: number): Promise<number> {
  let { lastSeq } = await log.load();
  for (let done = 0; done < count; done++) {
    lastSeq += 1;
    const ended = lastSeq > 1 ? [callOf(`call ${lastSeq - 1}`, 'COMPLETED')] : [];
    const messages = [textMessage(textOf(lastSeq))];
    await log.commit(batchOf(lastSeq, { messages, toolCalls: [...ended, callOf(`call ${lastSeq}`, 'EXECUTING')] }));
  }
  return lastSeq;
}

/** The batches that are there: all of them whole and right, none missing before the last. @returns the last seq */
export async function readBatches(log: Pick<SessionLog, 'load' | 'readMessages' | 'readEvents'>): Promise<number> {
  const { lastSeq, messageCount, openToolCalls } = await log.load();
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

function textOf(seq: number): string {
  return `${seq} `.repeat(1 + ((seq * 7919) % 200));
}
