import { strict as assert } from 'node:assert';
import type { RuleSubject } from '../../src/core/protocol/toolCalls';
import { decide, type PermissionConfig, type PolicyQuestion } from '../../src/core/permission/policy';
import { strictest } from '../../src/core/permission/strictest';

const edit: PolicyQuestion = {
  toolName: 'fs_write',
  effect: 'edit',
  remembered: false,
  unreviewed: [],
  contained: false,
};
const read: PolicyQuestion = {
  toolName: 'fs_read',
  effect: 'none',
  remembered: false,
  unreviewed: [],
  contained: false,
};

const verdict = (config: PermissionConfig, question: PolicyQuestion): string => decide(config, question).verdict;

describe('the permission policy', () => {
  it('auto runs, approval asks for effects, readonly denies them', () => {
    assert.deepEqual(
      (['auto', 'approval', 'readonly'] as const).map((mode) => [verdict({ mode }, edit), verdict({ mode }, read)]),
      [
        ['allow', 'allow'],
        ['ask', 'allow'],
        ['deny', 'allow'],
      ],
    );
  });

  it('a denied tool is denied whatever else allows it', () => {
    const config: PermissionConfig = { mode: 'auto', allowTools: ['fs_write'], denyTools: ['fs_write'] };
    assert.equal(verdict(config, { ...edit, remembered: true }), 'deny');
  });

  it('a list of allowed tools lets them run and denies the rest, except those that ask', () => {
    const config: PermissionConfig = {
      mode: 'approval',
      requireApprovalTools: ['bash_run', 'fs_write'],
      allowTools: ['fs_read', 'fs_glob'],
    };
    assert.equal(verdict(config, read), 'allow');
    assert.equal(verdict(config, edit), 'ask');
    assert.equal(verdict(config, { ...edit, toolName: 'fs_edit' }), 'deny');
  });

  it('an empty list is no list', () => {
    assert.equal(verdict({ mode: 'auto', allowTools: [] }, edit), 'allow');
  });

  it('a list never lifts readonly', () => {
    assert.equal(verdict({ mode: 'readonly', allowTools: ['fs_write'] }, edit), 'deny');
  });

  describe('and a floor', () => {
    const rule: RuleSubject = { kind: 'command', text: 'npm test', cwd: '.' };
    const command: PolicyQuestion = {
      ...{ toolName: 'bash_run', effect: 'command', remembered: false, unreviewed: [], contained: false },
      floor: { reasons: ['It runs code.'], rules: [rule], runsWorkspaceCode: true },
    };
    const why = (config: PermissionConfig, question: PolicyQuestion): readonly string[] => {
      const answer = decide(config, question);
      return answer.verdict === 'ask' ? answer.why : assert.fail(`it is not asked: ${answer.reason}`);
    };

    it('a plain change needs no cause: it is seen', () => {
      assert.deepEqual(why({ mode: 'approval' }, edit), []);
    });

    it('what is set to ask every time asks, whatever was allowed for good, and what is said to it is not remembered', () => {
      const config: PermissionConfig = { mode: 'auto', requireApprovalTools: ['bash_run'] };
      for (const remembered of [false, true]) {
        const answer = decide(config, { ...command, remembered });
        assert.ok(answer.verdict === 'ask' && answer.everyTime);
      }
      const above = strictest(decide({ mode: 'auto' }, command), decide(config, command));
      assert.ok(above.verdict === 'ask' && above.everyTime);
    });

    it('no mode and no list lifts it', () => {
      assert.equal(verdict({ mode: 'auto' }, command), 'ask');
      assert.equal(verdict({ mode: 'auto', allowTools: ['bash_run'] }, command), 'ask');
      assert.equal(verdict({ mode: 'readonly' }, command), 'deny');
      assert.equal(verdict({ mode: 'auto', denyTools: ['bash_run'] }, command), 'deny');
      assert.equal(verdict({ mode: 'auto', allowTools: ['fs_read'] }, command), 'deny');
    });

    it('what was remembered lifts it, but not in readonly', () => {
      assert.equal(verdict({ mode: 'approval' }, { ...command, remembered: true }), 'allow');
      assert.equal(verdict({ mode: 'readonly' }, { ...command, remembered: true }), 'deny');
    });

    it('without rules nothing lifts it', () => {
      const edit: PolicyQuestion = { ...command, effect: 'edit', floor: { reasons: ['It is protected.'], rules: [] } };
      assert.equal(verdict({ mode: 'auto' }, { ...edit, remembered: true }), 'ask');
    });

    it('code that nobody reviewed is asked again, unless the operating system holds it', () => {
      const unseen = { ...command, remembered: true, unreviewed: ['src/a.ts', 'b.ts'] };
      assert.deepEqual(why({ mode: 'auto' }, unseen), [
        'It runs code of the workspace, and the agent changed files that you have not reviewed: src/a.ts, b.ts.',
      ]);
      assert.equal(verdict({ mode: 'auto' }, { ...unseen, contained: true }), 'allow');
      const harmless = { ...unseen, floor: { reasons: ['It changes the index.'], rules: [rule] } };
      assert.equal(verdict({ mode: 'auto' }, harmless), 'allow');
    });

    it('names a few of many files, and every reason', () => {
      const unreviewed = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
      const reasons = why({ mode: 'approval' }, { ...command, unreviewed });
      assert.match(reasons[0] ?? '', /: a, b, c, d, e and 2 more\.$/);
      assert.equal(reasons[1], 'It runs code.');
    });
  });

  it('says why, in words for people', () => {
    for (const mode of ['auto', 'approval', 'readonly'] as const)
      for (const question of [edit, read]) assert.match(decide({ mode }, question).reason, /^[A-Z].*\.$/);
  });
});
