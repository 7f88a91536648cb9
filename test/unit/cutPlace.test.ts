import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { cutPlace } from '../../src/core/context/cutPlace';
import { estimateMessages } from '../../src/core/model/tokens';
import type { CallId, MessageId } from '../../src/core/protocol/ids';
import type { ContentBlock, Message } from '../../src/core/protocol/messages';
import { brokenPairs } from '../support/pairs';

let made = 0;
function message(role: 'user' | 'assistant', content: readonly ContentBlock[], kind?: string): Message {
  const id = `m${++made}` as MessageId;
  return { id, role, content, createdAt: 0, ...(kind && { metadata: { kind } }) };
}
const said = (text: string): Message => message('user', [{ type: 'text', text }]);
const answer = (text: string): Message => message('assistant', [{ type: 'text', text }]);

/** An answer that asks for these calls, and their results. */
function step(calls: number, resultLength: number): readonly Message[] {
  const ids = Array.from({ length: calls }, () => `call${++made}` as CallId);
  return [
    message(
      'assistant',
      ids.map((id) => ({ type: 'tool_use', id, name: 'fs_read', input: { path: 'a.ts' } })),
    ),
    message(
      'user',
      ids.map((id) => ({
        ...{ type: 'tool_result', tool_use_id: id, is_error: false },
        content: { ok: true, data: 'x'.repeat(resultLength) },
      })),
      'tool_results',
    ),
  ];
}

describe('where a conversation is cut for a summary', () => {
  it('keeps the last messages up to the wanted size', () => {
    const messages = [said('a'.repeat(4000)), answer('b'.repeat(4000)), said('c'.repeat(400)), answer('d'.repeat(400))];
    assert.equal(cutPlace(messages, 400, 800), 2);
  });

  it('sums up nothing where all of it fits', () => {
    assert.equal(cutPlace([said('a'), answer('b')], 1000, 2000), 0);
  });

  it('keeps the last step also when it is somewhat larger than what shall remain', () => {
    const messages = [said('a'), ...step(1, 4000), ...step(1, 4000)];
    assert.equal(cutPlace(messages, 800, 1600), 3);
  });

  it('sums up all of it when the last step alone is far too large', () => {
    const messages = [said('a'), ...step(1, 400_000)];
    assert.equal(cutPlace(messages, 1000, 2000), messages.length);
  });

  it('never lets a summary stand for a call that has no result yet', () => {
    const [open] = step(2, 10);
    assert.ok(open);
    const messages = [said('a'.repeat(9000)), answer('b'.repeat(9000)), said('c'.repeat(90_000)), open];
    const kept = messages.slice(cutPlace(messages, 10, 20));
    assert.ok(kept.includes(open));
  });

  it('never parts a call from its result, whatever the conversation and the room', () => {
    const part = fc.oneof(
      fc.nat(3000).map((length) => [said('u'.repeat(length + 1))]),
      fc.nat(3000).map((length) => [answer('a'.repeat(length + 1))]),
      fc
        .record({ calls: fc.integer({ min: 1, max: 4 }), size: fc.nat(5000) })
        .map(({ calls, size }) => step(calls, size)),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), fc.nat(20_000), (parts, keepTokens) => {
        const messages = parts.flat();
        const cut = cutPlace(messages, keepTokens, keepTokens * 2);
        assert.deepEqual(brokenPairs(messages.slice(0, cut)), []);
        assert.deepEqual(brokenPairs(messages.slice(cut)), []);
        const kept = estimateMessages(messages.slice(cut));
        assert.ok(kept <= keepTokens * 2, `${kept} of ${keepTokens} were kept`);
      }),
      { numRuns: 500 },
    );
  });
});
