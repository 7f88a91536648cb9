import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { newAgentId, newPermissionId } from '../../src/core/protocol/ids';
import type { Op } from '../../src/core/protocol/ops';
import { parseHostMessage, parseOp } from '../../src/core/protocol/parse';

describe('what the panel sends', () => {
  const sessionId = newAgentId();
  const permissionId = newPermissionId();
  const valid: readonly Op[] = [
    { type: 'ready' },
    { type: 'turn.start', sessionId, text: 'hi' },
    { type: 'turn.start', sessionId, text: 'hi', sendId: 'x1' },
    { type: 'session.adopt', sessionId },
    { type: 'turn.interrupt', sessionId },
    { type: 'approval.decide', sessionId, permissionId, decision: 'allow', remember: 'session' },
    { type: 'approval.decide', sessionId, permissionId, decision: 'deny', note: 'no' },
    { type: 'approval.show', sessionId, permissionId },
    { type: 'mode.set', sessionId, mode: 'review' },
    { type: 'mode.set', sessionId, mode: 'auto', confirmed: true },
    { type: 'plan.edit', sessionId, permissionId },
    { type: 'plan.go', sessionId, permissionId, mode: 'ask', comments: [{ line: 3, quote: '1. One', text: 'Why?' }] },
    { type: 'plan.keep', sessionId, permissionId, reason: '', comments: [] },
    { type: 'review.decide', decision: 'accept' },
    { type: 'review.decide', decision: 'reject', path: 'src/a.ts' },
    { type: 'review.show' },
    { type: 'session.new' },
    { type: 'session.select', sessionId },
    { type: 'session.delete', sessionId },
    { type: 'file.open', path: 'a/b.ts', line: 3 },
    { type: 'link.open', url: 'https://example.com' },
    { type: 'command.run', command: 'countersign.chooseModel' },
    { type: 'ack', batch: 4 },
  ];

  it('is taken as it is when it is an operation', () => {
    for (const op of valid) assert.deepEqual(parseOp(op), { ok: true, value: op });
  });

  it('is refused with the reason when it is anything else', () => {
    const wrong: readonly unknown[] = [
      undefined,
      null,
      'ready',
      [],
      {},
      { type: 'nothing' },
      { type: 'mode.set', sessionId, mode: 'readonly' },
      { type: 'mode.set', sessionId, mode: 'auto', confirmed: false },
      { type: 'plan.go', sessionId, permissionId, mode: 'plan', comments: [] },
      { type: 'plan.go', sessionId, permissionId, mode: 'ask', comments: [{ line: 0, quote: '', text: 'x' }] },
      { type: 'review.decide', decision: 'maybe' },
      { type: 'turn.start', sessionId, text: '' },
      { type: 'turn.start', sessionId: '../../etc', text: 'hi' },
      { type: 'turn.start', sessionId, text: 'hi', extra: 1 },
      { type: 'turn.start', sessionId, text: 'hi', sendId: '' },
      { type: 'approval.decide', sessionId, permissionId: 'prm-1', decision: 'allow' },
      { type: 'approval.decide', sessionId, permissionId, decision: 'always' },
      { type: 'link.open', url: 'command:workbench.action.quit' },
      { type: 'link.open', url: 'javascript:alert(1)' },
      { type: 'command.run', command: 'workbench.action.terminal.new' },
      { type: 'ack', batch: -1 },
      { type: 'file.open', path: 'a', line: 1.5 },
    ];
    for (const raw of wrong) {
      const parsed = parseOp(raw);
      assert.ok(!parsed.ok, JSON.stringify(raw));
      assert.ok(parsed.problem.length > 10);
    }
  });

  it('never makes the parser throw, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (raw) => typeof parseOp(raw).ok === 'boolean'),
      { numRuns: 500 },
    );
  });

  it('from the host, a message of another kind does not pass', () => {
    assert.equal(parseHostMessage({ type: 'problem', message: 'a', advice: 'b' }).ok, true);
    assert.equal(parseHostMessage({ type: 'problem', message: 'a' }).ok, false);
    assert.equal(parseHostMessage({ source: 'react-devtools' }).ok, false);
  });
});
