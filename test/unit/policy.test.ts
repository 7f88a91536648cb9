import { strict as assert } from 'node:assert';
import { decide, type PermissionConfig, type PolicyQuestion } from '../../src/core/permission/policy';

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

  it('what was allowed for the session runs unasked, but not in readonly', () => {
    assert.equal(verdict({ mode: 'approval' }, { ...edit, remembered: true }), 'allow');
    assert.equal(verdict({ mode: 'readonly' }, { ...edit, remembered: true }), 'deny');
  });

  it('says why, in words for people', () => {
    for (const mode of ['auto', 'approval', 'readonly'] as const)
      for (const question of [edit, read]) assert.match(decide({ mode }, question).reason, /^[A-Z].*\.$/);
  });
});
