import { strict as assert } from 'node:assert';
import { newProblems } from '../../../src/extension/language/newProblems';
import { NewsTimes } from '../../../src/extension/language/newsTimes';
import type { FileProblem } from '../../../src/extension/language/problemLists';

const problem = (line: number, message: string, more: Partial<FileProblem> = {}): FileProblem => ({
  ...{ line, column: 1, severity: 'error', message, source: 'ts', code: '1' },
  ...more,
});
const told = (before: readonly FileProblem[], after: readonly FileProblem[]): readonly string[] =>
  newProblems(before, after).map(({ line, message }) => `${line} ${message}`);

describe('problems that an edit brought', () => {
  it('moved ones are not new, however far', () => {
    assert.deepEqual(told([problem(1, 'a'), problem(2, 'b')], [problem(101, 'a'), problem(102, 'b')]), []);
  });

  it('one more of the same is new, in a line that had none if there is one', () => {
    assert.deepEqual(told([problem(1, 'a'), problem(9, 'a')], [problem(1, 'a'), problem(5, 'a'), problem(9, 'a')]), [
      '5 a',
    ]);
    assert.deepEqual(told([problem(1, 'a')], [problem(2, 'a'), problem(3, 'a')]), ['2 a']);
  });

  it('what differs in severity, code, source or words is new', () => {
    const before = [problem(1, 'a')];
    for (const more of [{ severity: 'warning' }, { code: '2' }, { source: 'eslint' }] as const)
      assert.deepEqual(told(before, [problem(1, 'a', more)]), ['1 a']);
    assert.deepEqual(told(before, [problem(1, 'b')]), ['1 b']);
    assert.deepEqual(told(before, []), []);
  });
});

describe('how long to wait for problems', () => {
  it('a language that nobody speaks for costs little, and less when it stays silent', () => {
    const times = new NewsTimes();
    assert.equal(times.waitFor('ini', 'nobody known'), 600);
    for (let index = 0; index < 3; index++) times.silent('ini');
    assert.equal(times.waitFor('ini', 'nobody known'), 100);
    assert.equal(times.waitFor('python', 'somebody'), 2_000);
    times.silent('python');
    assert.equal(times.waitFor('python', 'somebody'), 1_000);
    for (let index = 0; index < 2; index++) times.silent('python');
    assert.equal(times.waitFor('python', 'somebody'), 100);
    assert.equal(times.knows('ini'), false);
  });

  it('who was heard is waited for twice as long as they took lately, at most 2 s', () => {
    const times = new NewsTimes();
    times.heard('python', 700);
    assert.equal(times.waitFor('python', 'nobody known'), 1_400);
    times.heard('python', 5_000);
    assert.equal(times.waitFor('python', 'somebody'), 2_000);
    for (let index = 0; index < 5; index++) times.heard('python', 50);
    assert.equal(times.waitFor('python', 'somebody'), 400);
    assert.equal(times.knows('python'), true);
  });
});
