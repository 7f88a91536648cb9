import { strict as assert } from 'node:assert';
import { ContextMeter, type NextRequest } from '../../src/core/context/contextMeter';
import { contextLimits } from '../../src/core/model/contextLimits';
import { scriptedModel } from '../../src/core/model/scripted';
import { estimateTokens } from '../../src/core/model/tokens';
import type { MessageId } from '../../src/core/protocol/ids';
import type { Message } from '../../src/core/protocol/messages';
import { noUsage } from '../../src/core/protocol/usage';

const model = { ...scriptedModel([{ text: '' }]), maxWindowSize: 32_000, maxOutputTokens: 8_000 };

function text(id: string, length: number): Message {
  return { id: id as MessageId, role: 'user', content: [{ type: 'text', text: 'x'.repeat(length) }], createdAt: 0 };
}

const request = (messages: readonly Message[]): NextRequest => ({ model, system: 'You help.', tools: [], messages });
const counted = (inputTokens: number, outputTokens: number) => ({
  ...noUsage,
  ...{ inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
});

describe('how full a window is', () => {
  it('estimates a token for 3.6 plain characters and for 1.5 others', () => {
    assert.equal(estimateTokens('x'.repeat(360)), 100);
    assert.equal(estimateTokens('日'.repeat(150)), 100);
    assert.equal(estimateTokens(''), 0);
  });

  it('leaves room for an answer and a reserve, and compacts at 80 % of the rest', () => {
    assert.deepEqual(contextLimits({ maxWindowSize: 32_000, maxOutputTokens: 4_000 }), {
      ...{ windowTokens: 32_000, maxOutputTokens: 4_000, maxInputTokens: 27_360, compactAtTokens: 21_888 },
    });
  });

  it('lets an answer take at most a quarter of the window', () => {
    assert.equal(contextLimits({ maxWindowSize: 200_000, maxOutputTokens: 128_000 }).maxOutputTokens, 50_000);
  });

  it('takes the count of the vendor for what it has counted, and estimates only what came after', () => {
    const meter = new ContextMeter(Date.now);
    const first = [text('1', 3600)];
    const predicted = meter.predict(request(first));
    meter.learn(model, predicted, counted(5000, 100), { first: first[0], answer: text('2', 10) });
    const next = meter.predict(request([...first, text('2', 10), text('3', 36)]));
    assert.equal(next.counted, 5100);
    assert.ok(next.tokens > 5100 && next.tokens < 5200, String(next.tokens));
  });

  it('learns that a vendor counts more than is estimated', () => {
    const meter = new ContextMeter(Date.now);
    const messages = Array.from({ length: 10 }, (_, index) => text(`m${index}`, 3600));
    for (let round = 0; round < 12; round++) {
      const predicted = meter.predict(request(messages));
      meter.learn(model, { ...predicted, counted: 0 }, counted(predicted.raw * 2, 0), {
        first: messages[0],
        answer: undefined,
      });
    }
    const { tokens, raw } = meter.predict(request(messages));
    assert.ok(tokens / raw > 1.8 && tokens / raw < 2.1, String(tokens / raw));
  });

  it('forgets what another model has counted', () => {
    const meter = new ContextMeter(Date.now);
    const messages = [text('1', 3600)];
    meter.learn(model, meter.predict(request(messages)), counted(9000, 0), { first: messages[0], answer: messages[0] });
    const other = { ...request(messages), model: { ...model, model: 'other' } };
    assert.equal(meter.predict(other).counted, 0);
  });

  it('remembers that a server has refused what should have fitted', () => {
    const meter = new ContextMeter(Date.now);
    const before = meter.limits(model).compactAtTokens;
    meter.refused(model, { tokens: 6_000, counted: 0, cachedTokens: 0, raw: 6_000, isExact: true }, []);
    assert.equal(meter.limits(model).compactAtTokens, 4_800);
    assert.ok(before > 4_800);
  });

  it('learns nothing of the window from a refusal that a picture may be the reason of, and unlearns what was wrong', () => {
    const meter = new ContextMeter(Date.now);
    const image = { type: 'image', mimeType: 'image/png', base64: 'AAAA' } as const;
    const picture: Message = { id: 'i' as MessageId, role: 'user', content: [image], createdAt: 0 };
    const small = { tokens: 6_000, counted: 0, cachedTokens: 0, raw: 6_000, isExact: true };
    meter.refused(model, small, [picture]);
    assert.equal(meter.limits(model).maxInputTokens, 23_360);
    meter.refused(model, small, [text('1', 10)]);
    assert.equal(meter.limits(model).maxInputTokens, 6_000);
    meter.learn(model, small, counted(9_000, 10), { first: undefined, answer: undefined });
    assert.equal(meter.limits(model).maxInputTokens, 23_360);
  });

  it('counts nothing that was counted before a summary took its place', () => {
    const meter = new ContextMeter(Date.now);
    const long = [text('1', 36_000), text('2', 360)];
    meter.learn(model, meter.predict(request(long)), counted(12_000, 100), { first: long[0], answer: long[1] });
    const summary = text('summary-1', 360);
    const next = meter.predict(request([summary, text('2', 360)]));
    assert.equal(next.counted, 0);
    assert.ok(next.tokens < 1_000, String(next.tokens));
  });

  it('does not take thinking that is not sent again for part of the conversation', () => {
    const meter = new ContextMeter(Date.now);
    const thought: Message = {
      ...text('a', 36),
      content: [
        { type: 'reasoning', reasoning: 'hm' },
        { type: 'text', text: 'Yes.' },
      ],
    };
    const usage = { ...counted(1_000, 5_010), reasoningTokens: 5_000 };
    meter.learn(model, meter.predict(request([text('1', 3_600)])), usage, { first: text('1', 0), answer: thought });
    assert.equal(meter.predict(request([text('1', 3_600), thought, text('2', 36)])).counted, 1_010);
  });

  it('takes a prompt for cached only for as long as vendors keep one', () => {
    let now = 0;
    const meter = new ContextMeter(() => now);
    const first = text('1', 3_600);
    const usage = { ...counted(1_000, 10), cacheWriteTokens: 900 };
    meter.learn(model, meter.predict(request([first])), usage, { first, answer: text('a', 10) });
    const next = request([first, text('a', 10), text('2', 10)]);
    assert.equal(meter.predict(next).cachedTokens, 1_010);
    now = 5 * 60_000;
    assert.equal(meter.predict(next).cachedTokens, 0);
  });

  it('counts a picture and a document, not the characters of their base64', () => {
    const meter = new ContextMeter(Date.now);
    const image = { type: 'image', mimeType: 'image/png', base64: 'A'.repeat(1_000_000) } as const;
    const message: Message = { id: 'i' as MessageId, role: 'user', content: [image], createdAt: 0 };
    assert.ok(meter.predict(request([message])).tokens < 5_000);
  });
});
