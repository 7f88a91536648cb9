import { ask, fine, judgeByGrammar, shown, type Check, type Finding, type Program } from '../grammar';

const diffOptions =
  '-p -u -U=number -s -z -w -b -W -R -M[=number] -C[=number] -B[=number] -S=text -G=text -D --patch --no-patch --unified=number --raw --stat[=text] --numstat --shortstat --dirstat[=text] --summary --name-only --name-status --color[=word] --no-color --color-words[=text] --word-diff[=word] --minimal --patience --histogram --diff-algorithm=word --no-renames --find-renames[=number] --find-copies[=number] --diff-filter=word --pickaxe-regex --pickaxe-all --ignore-all-space --ignore-space-change --ignore-space-at-eol --ignore-blank-lines --ignore-cr-at-eol --inter-hunk-context=number --function-context --exit-code --quiet --full-index --abbrev[=number] --no-ext-diff --no-textconv --compact-summary --patch-with-stat --no-prefix --relative[=path] --check --cc -c -m';
const logOptions = `${diffOptions} -# -n=number -i -E -F -P -g --max-count=number --skip=number --oneline --graph --all --decorate[=word] --no-decorate --format=format --pretty[=format] --date=text --since=text --after=text --until=text --before=text --author=text --committer=text --grep=text --all-match --invert-grep --regexp-ignore-case --merges --no-merges --first-parent --reverse --follow --topo-order --date-order --author-date-order --branches[=text] --tags[=text] --remotes[=text] --abbrev-commit --no-abbrev-commit --left-right --cherry-pick --cherry-mark --cherry --full-history --simplify-merges --ancestry-path --walk-reflogs --no-walk --relative-date --no-mailmap --not --boundary --parents --children --source --full-diff --no-notes`;
const refFilters =
  '--contains=text --no-contains=text --merged=text --no-merged=text --points-at=text --sort=text --format=format --color[=word] --no-color --column[=text] --no-column -i --ignore-case';

interface GitProgram {
  readonly options: string;
  /** 'revisions': revisions and paths; 'none'; 'text': names that are only compared. */
  readonly operands: 'revisions' | 'none' | 'text' | 'firstText';
  /** It shows what stands in files: always, or with one of these options. */
  readonly content?: true | RegExp;
  /** Without one of these it would change something. */
  readonly only?: (operands: readonly string[], given: ReadonlyMap<string, readonly string[]>) => string | undefined;
}

const showsPatch =
  /^(-p|-u|-U|--patch|--unified|-S|-G|-L|--cc|-c|-W|--word-diff|--color-words|--patch-with-stat|--function-context|--full-diff|-m)$/;
const listOnly =
  (what: string, list: readonly string[]) =>
  (operands: readonly string[], given: ReadonlyMap<string, readonly string[]>): string | undefined =>
    operands.length === 0 || list.some((option) => given.has(option))
      ? undefined
      : `git ${what} changes something with ${shown(operands[0] ?? '')}.`;
const first =
  (what: string, allowed: readonly string[], needed = false) =>
  ([word]: readonly string[]): string | undefined =>
    (word === undefined && !needed) || (word !== undefined && allowed.includes(word))
      ? undefined
      : `git ${what} ${word ?? ''} is not on the list of what only reads.`;

const commands: Readonly<Record<string, GitProgram>> = {
  blame: {
    options:
      '-L=text -w -M[=number] -C[=number] -e -f -n -l -s -t -c -b --porcelain --line-porcelain --show-email --show-name --date=text --since=text --abbrev=number --root',
    operands: 'revisions',
    content: true,
  },
  branch: {
    options: `-a -r -v -q --all --remotes --list --show-current --verbose --abbrev=number ${refFilters}`,
    operands: 'text',
    only: listOnly('branch', ['--list']),
  },
  'count-objects': { options: '-v -H --verbose --human-readable', operands: 'none' },
  describe: {
    options:
      '--tags --all --always --long --abbrev=number --exact-match --contains --first-parent --match=text --exclude=text --candidates=number --dirty[=text]',
    operands: 'revisions',
  },
  diff: { options: `${diffOptions} --cached --staged --merge-base`, operands: 'revisions', content: true },
  'for-each-ref': { options: `--count=number --omit-empty ${refFilters}`, operands: 'text' },
  grep: {
    options:
      '-i -v -n -w -h -H -l -L -c -o -q -E -F -G -P -p -W -I -e=text -A=number -B=number -C=number --ignore-case --invert-match --line-number --column --word-regexp --name-only --files-with-matches --files-without-match --count --only-matching --extended-regexp --fixed-strings --basic-regexp --perl-regexp --heading --break --cached --color[=word] --no-color --context=number --after-context=number --before-context=number --show-function --and --or --not --all-match --max-depth=number --full-name',
    operands: 'firstText',
    content: true,
  },
  log: { options: logOptions, operands: 'revisions', content: showsPatch },
  'ls-files': {
    options:
      '-c -d -m -o -i -s -u -k -t -v -z --cached --deleted --modified --others --ignored --stage --unmerged --killed --exclude-standard --directory --no-empty-directory --full-name --error-unmatch --deduplicate --eol --abbrev[=number]',
    operands: 'revisions',
  },
  'ls-tree': {
    options: '-r -d -t -l -z --long --name-only --name-status --full-name --full-tree --object-only --abbrev[=number]',
    operands: 'revisions',
  },
  'merge-base': { options: '-a --all --is-ancestor --fork-point --octopus --independent', operands: 'revisions' },
  'name-rev': { options: '--tags --all --name-only --always', operands: 'revisions' },
  reflog: {
    options: logOptions,
    operands: 'revisions',
    content: showsPatch,
    only: (operands) => first('reflog', ['show', 'HEAD'])(operands),
  },
  remote: { options: '-v --verbose --push --all', operands: 'text', only: first('remote', ['get-url']) },
  'rev-list': { options: logOptions.concat(' --count --objects'), operands: 'revisions', content: showsPatch },
  'rev-parse': {
    options:
      '--show-toplevel --show-prefix --show-cdup --git-dir --absolute-git-dir --git-common-dir --is-inside-work-tree --is-inside-git-dir --is-bare-repository --is-shallow-repository --abbrev-ref[=word] --short[=number] --verify -q --quiet --symbolic --symbolic-full-name --all --branches --tags --remotes --show-object-format',
    operands: 'revisions',
  },
  shortlog: {
    options:
      '-s -n -e -c --summary --numbered --email --committer --all --no-merges --since=text --until=text --author=text --group=text --format=format',
    operands: 'revisions',
  },
  show: {
    options: logOptions,
    operands: 'revisions',
    content: true,
    // Tags and other references may name the content of a file.
    only: (_, given) =>
      ['--all', '--tags', '--remotes', '--branches'].some((option) => given.has(option))
        ? 'git show would show whatever tags name: files that may hold secrets, too.'
        : undefined,
  },
  'show-ref': {
    options:
      '--head --heads --tags --branches -d --dereference -s --hash[=number] --abbrev[=number] --verify -q --quiet',
    operands: 'text',
  },
  stash: { options: logOptions, operands: 'revisions', content: true, only: first('stash', ['list', 'show'], true) },
  status: {
    options:
      '-s -b -v -u[=word] -z --short --branch --long --verbose --porcelain[=text] --show-stash --untracked-files[=word] --ignored[=word] --ignore-submodules[=word] --ahead-behind --no-ahead-behind --renames --no-renames --column[=text] --no-column',
    operands: 'revisions',
    content: /^(-v|--verbose)$/,
  },
  tag: { options: `-l -n[=number] --list ${refFilters}`, operands: 'text', only: listOnly('tag', ['-l', '--list']) },
  whatchanged: { options: logOptions, operands: 'revisions', content: showsPatch },
  worktree: { options: '-v --verbose --porcelain -z', operands: 'text', only: first('worktree', ['list'], true) },
};

/** git only where its settings cannot make it execute something: that is looked at in the folder itself. */
export function judgeGit(words: readonly string[]): Finding {
  let at = 0;
  let folder = '.';
  const folders: Check[] = [];
  for (; words[at]?.startsWith('-'); at += 1) {
    const word = words[at] ?? '';
    if (word === '--version' && words.length === 1) return fine();
    if (word === '--no-pager' || word === '--no-optional-locks' || word === '--literal-pathspecs') continue;
    if (word !== '-C' || folders.length > 0) return ask(`${shown(word)} of git changes what git obeys.`);
    at += 1;
    folder = words[at] ?? '';
    folders.push({ kind: 'path', path: folder });
  }
  const name = words[at];
  if (name === undefined) return ask('git alone only shows its help.', false);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return ask(`git ${name} is not on the list of what only reads.`);
  return judgeCommand(`git ${name}`, command, words.slice(at + 1), { folder, folders });
}

function judgeCommand(
  name: string,
  command: GitProgram,
  words: readonly string[],
  { folder, folders }: { readonly folder: string; readonly folders: readonly Check[] },
): Finding {
  let content = command.content === true;
  const program: Program = {
    options: command.options,
    operands: (operands, given) => {
      const problem = command.only?.(operands, given);
      if (problem !== undefined) return ask(problem);
      // Options before a command of its own can make it another one.
      if (hasOwnCommands.has(name) && operands[0] !== undefined && operands[0] !== words[0])
        return ask(`${name} is only known with ${shown(operands[0])} first.`);
      const pattern = command.content;
      if (pattern instanceof RegExp && [...given.keys()].some((option) => pattern.test(option))) content = true;
      if (command.operands === 'none' && operands[0] !== undefined)
        return ask(`${name} does more with ${shown(operands[0])}.`);
      if (command.operands === 'none' || command.operands === 'text') return fine();
      const named = command.operands === 'firstText' && !given.has('-e') ? operands.slice(1) : operands;
      return judgeRevisions(name, named, folder, content);
    },
  };
  const finding = judgeByGrammar(name, program, words);
  if (!finding.harmless) return finding;
  const addresses = name === 'git remote';
  return fine([...folders, { kind: 'git', folder, content, addresses }, ...finding.checks]);
}

const hasOwnCommands: ReadonlySet<string> = new Set(['git reflog', 'git remote', 'git stash', 'git worktree']);

/**
 * A revision is looked at as a path, too: outside of what git tracks it would be taken for one. Where content is shown git itself
 * has to say what a revision leads to: a blob has no name that could be judged.
 */
function judgeRevisions(name: string, operands: readonly string[], folder: string, content: boolean): Finding {
  const paths = new Set<string>();
  const revisions = new Set<string>();
  const files = new Set<string>();
  for (const operand of operands) {
    if (isExclusion.test(operand)) continue;
    if (!/^[\w./@^~+,=#-][\w ./@^~+,=#:{}-]*$/.test(operand))
      return ask(`${shown(operand)} of git is more than a revision or a path.`);
    for (const part of operand.split(':')) if (part !== '') paths.add(part);
    for (const end of endsOf(operand)) {
      const colon = colonOf(end);
      revisions.add(colon < 0 ? end : end.slice(0, colon));
      if (colon < 0) continue;
      files.add(end);
      for (const part of end.slice(colon).split(':')) if (part !== '') paths.add(part);
    }
  }
  const checks = [...paths].map((part): Check => ({ kind: 'path', path: folder === '.' ? part : `${folder}/${part}` }));
  if (!content || revisions.size === 0) return fine(checks);
  const check = { revisions: [...revisions], files: [...files], namesOnly: name === 'git show' };
  return fine([...checks, { kind: 'revisions', folder, ...check }]);
}

/** A path that is left out. */
const isExclusion = /^:[!^][\w./*-]+$/;

/** All that git may take for the name of an object: the whole, both ends of a range, each without the marks for its parents. */
function endsOf(operand: string): readonly string[] {
  const dots = operand.indexOf('..');
  const ends = dots < 0 ? [] : [operand.slice(0, dots), operand.slice(dots + 2).replace(/^\./, '')];
  return [operand, ...ends]
    .flatMap((end) => [end, end.replace(/^\^/, '').replace(/\^(?:@|-\d*)$/, '')])
    .filter((end) => end !== '');
}

/** Where the path begins: behind the first colon that stands in no braces. */
function colonOf(revision: string): number {
  let depth = 0;
  for (let at = 0; at < revision.length; at += 1) {
    if (revision[at] === '{') depth += 1;
    else if (revision[at] === '}' && depth > 0) depth -= 1;
    else if (revision[at] === ':' && depth === 0) return at;
  }
  return -1;
}
