import { strict as assert } from 'node:assert';
import * as fc from 'fast-check';
import { newAgentId, newPermissionId } from '../../src/core/protocol/ids';
import { parseHostMessage, parseOp } from '../../src/core/protocol/parse';

const sessionId = newAgentId();
const permissionId = newPermissionId();
const approve = { type: 'approval.decide', sessionId, permissionId, decision: 'allow' };

describe('attack: forged messages', function () {
  this.timeout(20_000);

  it('refuses answers of another shape than the panel gives', () => {
    const forged: readonly unknown[] = [
      { ...approve, permissionId: '*' },
      { ...approve, permissionId: [permissionId] },
      { ...approve, permissionId: `${permissionId}\n` },
      { ...approve, decision: ['allow'] },
      { ...approve, decision: 'allow_always' },
      { ...approve, remember: 'user' },
      { ...approve, remember: true },
      { ...approve, rule: { kind: 'command', text: '*', cwd: '' } },
      { ...approve, subject: {} },
      { ...approve, note: 'x'.repeat(10_001) },
      { ...approve, sessionId: `${sessionId}/../x` },
      [approve],
      JSON.stringify(approve),
      { type: 'rule.add', subject: { kind: 'line', text: 'x', cwd: '' } },
      { type: 'rule.remove', ruleId: 1 },
      { type: 'command.run', command: 'countersign.setApiKey', args: ['x'] },
      { type: 'command.run', command: 'workbench.action.terminal.sendSequence' },
      { type: 'link.open', url: 'command:workbench.action.quit' },
      { type: 'link.open', url: 'vscode://x/y' },
      { type: 'link.open', url: '//evil.example' },
      { type: 'link.open', url: ' https://evil.example' },
      { type: '__proto__' },
      JSON.parse('{"__proto__":{"type":"ready"}}'),
    ];
    for (const raw of forged) assert.equal(parseOp(raw).ok, false, JSON.stringify(raw));
    assert.equal(parseOp(approve).ok, true);
  });

  it('never throws and takes nothing but whole operations, for anything near one', () => {
    const value = fc.oneof(
      fc.anything(),
      fc.constantFrom<unknown>(sessionId, permissionId, 'allow', 'session', '', -1),
    );
    const near = fc
      .tuple(fc.constantFrom(...Object.keys(approve), 'note', 'remember', 'constructor', 'toString'), value)
      .map(([name, wrong]) => ({ name, wrong, op: { ...approve, [name]: wrong } }));
    fc.assert(
      fc.property(near, ({ name, op }) => {
        const parsed = parseOp(op);
        if (!parsed.ok) {
          assert.ok(parsed.problem.length < 5_000);
          return;
        }
        assert.deepEqual(parsed.value, op);
        assert.ok(['type', 'sessionId', 'permissionId', 'decision', 'note', 'remember'].includes(name));
      }),
      { numRuns: 5_000, interruptAfterTimeLimit: 3_000 },
    );
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true }), (raw) => !parseOp(raw).ok),
      { numRuns: 5_000, interruptAfterTimeLimit: 3_000 },
    );
  });

  it('takes its time by the length of a message, not more', () => {
    const startedAt = performance.now();
    for (const raw of [
      { ...approve, permissionId: `prm-${'-'.repeat(1_000_000)}` },
      { type: 'x'.repeat(1_000_000) },
      { type: 'link.open', url: `https://${'a'.repeat(1_000_000)}` },
      { ...approve, ...Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index])) },
    ])
      assert.equal(parseOp(raw).ok, false);
    assert.ok(performance.now() - startedAt < 3_000, `${performance.now() - startedAt} ms`);
  });

  it('keeps from the panel what is none of the host’s messages', () => {
    for (const raw of [
      { type: 'snapshot' },
      { type: 'snapshot', app: {}, extra: 1 },
      { type: 'rules' },
      { type: 'rules', rules: 'x' },
      { type: 'showRules', and: 'more' },
      { source: 'react-devtools-bridge' },
      'showRules',
      null,
    ])
      assert.equal(parseHostMessage(raw).ok, false, JSON.stringify(raw));
    assert.equal(parseHostMessage({ type: 'showRules' }).ok, true);
    assert.equal(parseHostMessage({ type: 'rules', rules: [] }).ok, true);
  });
});
