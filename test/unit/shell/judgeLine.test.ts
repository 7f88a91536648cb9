import { strict as assert } from 'node:assert';
import { judgeLine } from '../../../src/core/shell/judgeLine';
import { quoteWords } from '../../../src/core/shell/quote';

/** Why the text of a line speaks against it; empty: it does not. */
function reasonsOf(line: string): readonly string[] {
  const judged = judgeLine(line);
  if (judged.kind === 'unclear') return [judged.reason];
  return judged.commands.flatMap(({ finding, writes }) => [
    ...(finding.harmless ? [] : [finding.reason]),
    ...writes.map((target) => `writes ${target}`),
  ]);
}

describe('A command line, by its text alone,', () => {
  const reading = [
    ...['git status', 'ls', 'ls -la src', 'cat a.txt', 'rg pattern', 'rg -n "a b" -g "*.ts" src', 'git diff', 'pwd'],
    ...['git log --oneline -n 5', 'git log -5 --stat main..dev', 'git log -p HEAD^ -- src', 'git show HEAD~1:src/a.ts'],
    ...['wc -l a', 'head -20 a', 'tail -n +3 a', 'node --version', 'npm --version', 'git branch -a', 'git stash list'],
    ...[
      'git remote -v',
      'git tag -l "v*"',
      'git rev-parse --abbrev-ref HEAD',
      'git --no-pager log -1',
      'git -C sub status',
    ],
    ...[
      "find . -name '*.ts' -not -path '*/node_modules/*' -type f",
      String.raw`find . \( -name a -o -name b \) -print`,
    ],
    ...['cat a 2>/dev/null | sort -u | uniq -c | head -3', 'ls >/dev/null 2>&1', 'wc -l <a', 'ls; pwd', 'ls\npwd\n'],
    ...[
      'cd src && ls',
      'ls || true',
      'grep -n "a\\|b" x',
      'grep -rn foo --include="*.{ts,tsx}" src',
      'echo -n "it\'s"',
    ],
    ...['date +%F', 'printf "%s\\n" a b', 'test -f package.json && cat package.json', 'which node', 'command -v git'],
    ...['diff -u a b', "rg '!x' .", 'du -sh .', 'stat -c %s a', 'cut -d: -f1 a', 'tr a-z A-Z <a', 'sort -k2,2n -t, a'],
  ];
  for (const line of reading) it(`only reads: ${JSON.stringify(line)}`, () => assert.deepEqual(reasonsOf(line), []));

  const asked: readonly (readonly [string, RegExp])[] = [
    ['ls $(x)', /`\$\(…\)` runs a command inside another/],
    ['ls `x`', /runs a command inside another/],
    ['cat <(x)', /`<\(…\)` runs a command/],
    ['ls $HOME', /^Which value `\$HOME` has is known only when it runs\.$/],
    ['ls "${HOME}"', /^Which value `\$\{HOME\}` has is known only when it runs\.$/],
    ['ls "${HOME:-x}"', /known only when it runs/],
    ['ls *.ts', /file names that are known only when it runs/],
    ['ls ~', /home folder/],
    ['ls a{b,c}', /several words/],
    ['ls & ls', /background/],
    ['ls # x', /comment/],
    ['ls !x', /earlier command/],
    ['(ls)', /shell of their own/],
    ['A=1 ls', /cannot be said for certain/],
    ['if ls; then ls; fi', /cannot be said for certain/],
    ['time ls', /cannot be said for certain/],
    ['ls \\\nx', /joins it with the next/],
    ['ls\r', /U\+000D/],
    ['ls \u202ex', /U\+202E/],
    ['ls\u00a0x', /U\+00A0/],
    ['l\\s', /hides a character/],
    ['\u0501ate', /outside of quotes/],
    ['cat <<x\nx', /feeds text/],
    ['ls > a', /writes a/],
    ['ls >| a', /side effects/],
    ['ls &> a', /not every shell/],
    ["cat 'a", /not closed/],
    ['ls |', /missing/],
    ['cd a; ls', /depends on whether `cd` works/],
    ['cd a || ls', /depends on whether `cd` works/],
    ['cd ..', /leaves the folder/],
    ["find . -name x -exec touch y ';'", /`-exec` of find runs another program/],
    ['find . -delete', /`-delete` of find deletes/],
    ['find . -fprint x', /writes to a file/],
    ['rg --pre x y', /`--pre` of rg/],
    ['rg -uu KEY', /`-u` of rg/],
    ["rg -g '*' x", /-g of rg/],
    ['sort -o a b', /`-o` of sort/],
    ['sort --out=a b', /`--out` of sort/],
    ['sort --compress-program=x a', /compress-program/],
    ['uniq a b', /second file/],
    ['date -s x', /`-s` of date/],
    ['date 01010000', /sets the clock/],
    ['tail -f a', /`-f` of tail/],
    ["printf '%n' x", /set a variable/],
    ["printf '%d' 'a[0]'", /computes/],
    ['printf -v x y', /`-v` of printf/],
    ['test -v x', /one file and one question/],
    ['git -c a=b status', /`-c` of git/],
    ['git branch x', /changes something/],
    ['git stash', /git stash/],
    ['git diff --output=x', /--output/],
    ['git diff --no-index a b', /--no-index/],
    ["git log --format='%G?'", /--format/],
    ['git checkout x', /git checkout/],
    ['./ls', /by its path/],
    ['env ls', /runs another program/],
    ["sh -c 'ls'", /whatever it is told/],
    ['npm test', /script `test` of package.json/],
    ['npm install', /download/],
    ['yarn --version', /download/],
  ];
  for (const [line, reason] of asked)
    it(`asks: ${JSON.stringify(line)}`, () => {
      const reasons = reasonsOf(line);
      assert.ok(
        reasons.some((one) => reason.test(one)),
        JSON.stringify(reasons),
      );
    });

  it('is too long beyond 10,000 characters', () => {
    assert.match(reasonsOf(`echo ${'a'.repeat(10_000)}`)[0] ?? '', /too many/);
  });

  it('writes other words in another way, always', () => {
    assert.equal(quoteWords(['a', 'b c', "it's", '', '|']), String.raw`a 'b c' 'it'\''s' '' '|'`);
    assert.notEqual(quoteWords(['a b']), quoteWords(['a', 'b']));
  });
});
