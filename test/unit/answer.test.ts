import { strict as assert } from 'node:assert';
import { Answer } from '../../src/core/agent/answer';
import type { ModelChunk } from '../../src/core/model/provider';

async function answerOf(...chunks: readonly ModelChunk[]): Promise<Answer> {
  const answer = new Answer({
    ...{ step: 1, vendor: 'v', exposeThinking: false },
    isCallIdTaken: async () => false,
    soon: () => undefined,
  });
  for (const chunk of chunks) await answer.take(chunk);
  return answer;
}

describe('an answer that breaks off', () => {
  it('knows that only arguments of a call had come, and how many characters', async () => {
    const answer = await answerOf(
      { type: 'tool_call_start', id: '1', name: 'fs_write' },
      { type: 'tool_call_delta', id: '1', delta: '{"path":' },
      { type: 'tool_call_delta', id: '1', delta: '"a.ts"' },
    );
    answer.end();
    assert.deepEqual(answer.blocks, []);
    assert.equal(answer.streamedCharacters, 14);
    assert.equal(answer.hasShown, true);
  });

  it('counts text, thinking and each call once, streamed or whole', async () => {
    const answer = await answerOf(
      { type: 'reasoning', delta: '1234' },
      { type: 'reasoning_end', data: { signature: 'x'.repeat(100) } },
      { type: 'text', delta: '123' },
      { type: 'tool_call_start', id: '1', name: 'a' },
      { type: 'tool_call_delta', id: '1', delta: '{"a":' },
      { type: 'tool_call_start', id: '2', name: 'b' },
      { type: 'tool_call_delta', id: '2', delta: '{}' },
      { type: 'tool_call_delta', id: '1', delta: '1}' },
      { type: 'tool_call', id: '1', name: 'a', input: '{"a":1}' },
      { type: 'tool_call', id: '2', name: 'b', input: '{}' },
      { type: 'tool_call', id: '3', name: 'c', input: '{"b":22}' },
    );
    assert.equal(answer.streamedCharacters, 4 + 3 + 7 + 2 + 8);
  });

  it('knows that nothing had come that anyone would see', async () => {
    const answer = await answerOf({ type: 'text', delta: '' }, { type: 'reasoning', delta: '' });
    assert.deepEqual([answer.hasShown, answer.streamedCharacters], [false, 0]);
    const [thought, started] = await Promise.all([
      answerOf({ type: 'reasoning', delta: 'Hm.' }),
      answerOf({ type: 'tool_call_start', id: '1', name: 'a' }),
    ]);
    assert.deepEqual([thought.hasShown, started.hasShown], [true, true]);
    assert.deepEqual([thought.streamedCharacters, started.streamedCharacters], [3, 0]);
  });
});
