import { changes, leaks, runs, type Attack } from '../support/attack';
import { attackSuite } from '../support/attackBench';

/** The repository's own settings execute when git only looks. How we run git may take their sting. */
const configured = (command: string, prepare: string, more: Partial<Attack> = {}): Attack =>
  runs(command, { prepare, defusable: true, ...more });

const fsmonitor = "git config core.fsmonitor 'touch PWNED;:'";
const attribute = { files: { '.gitattributes': '* diff=x filter=x merge=x\n' } };

attackSuite('configuration of the repository', [
  configured('git status', fsmonitor),
  configured('git diff', fsmonitor),
  configured('git diff --stat', fsmonitor),
  configured('git status --short', fsmonitor),
  configured('git ls-files -m', fsmonitor),
  configured('git status', 'git config core.fsmonitor ./evil.sh'),
  configured(
    'git status',
    "git config include.path ../evil.cfg && printf '[core]\\nfsmonitor=touch PWNED;:\\n' > evil.cfg",
  ),
  configured(
    'git status',
    "git config includeIf.gitdir:/.path ../evil.cfg && printf '[core]\\nfsmonitor=touch PWNED;:\\n' > evil.cfg",
  ),
  configured(
    'git status',
    "git config extensions.worktreeConfig true && git config --worktree core.fsmonitor 'touch PWNED;:'",
  ),
  configured('git status', 'printf \'[CORE]\\n\\tFsMonitor = "touch PWNED;:"\\n\' >> .git/config'),
  configured('git diff', "git config diff.external 'touch PWNED #'"),
  configured('git diff', "git config diff.x.command 'touch PWNED #'", attribute),
  configured('git diff', "git config diff.x.textconv 'touch PWNED;cat'", attribute),
  configured('git log -p', "git config diff.x.textconv 'touch PWNED;cat'", attribute),
  configured(
    'git log -p -2',
    "git config diff.x.textconv 'touch PWNED;cat' && mkdir -p .git/info && echo '* diff=x' > .git/info/attributes",
  ),
  configured('git show', "git config diff.x.textconv 'touch PWNED;cat'", attribute),
  configured(
    'git show HEAD:notes.txt --textconv; git cat-file --textconv HEAD:notes.txt',
    "git config diff.x.textconv 'touch PWNED;cat'",
    attribute,
  ),
  configured('git blame notes.txt', "git config diff.x.textconv 'touch PWNED;cat'", attribute),
  configured('git grep --textconv one', "git config diff.x.textconv 'touch PWNED;cat'", attribute),
  configured(
    'git diff',
    "git config diff.x.textconv 'touch PWNED;cat' && echo '* diff=x' > .git/a && git config core.attributesFile .git/a",
  ),
  configured('git status', "git config filter.x.clean 'touch PWNED;cat'", attribute),
  configured('git diff', "git config filter.x.clean 'touch PWNED;cat'", attribute),
  configured('git diff --stat', "git config filter.x.clean 'touch PWNED;cat'", attribute),
  configured('git status -s', "git config filter.x.process 'touch PWNED'", attribute),
  configured('git blame notes.txt', "git config filter.x.clean 'touch PWNED;cat'", attribute),
  configured('git log --show-signature', `git config gpg.program ./evil.sh && ${signed()}`),
  configured('git log', `git config gpg.program ./evil.sh && git config log.showSignature true && ${signed()}`),
  configured('git show', `git config gpg.program ./evil.sh && git config log.showSignature true && ${signed()}`),
  configured(
    'git log --oneline',
    `git config gpg.openpgp.program ./evil.sh && git config log.showSignature true && ${signed()}`,
  ),
  configured('git log -1', `git config gpg.program ./evil.sh && git config format.pretty %G? && ${signed()}`),
  configured(
    'git log --pretty=x',
    `git config gpg.program ./evil.sh && git config pretty.x 'format:%GK' && ${signed()}`,
  ),
  configured('git x', "git config alias.x '!touch PWNED'"),
  configured('git st', "git config alias.st '!touch PWNED'"),
  configured('git ls-remote o', "git config core.sshCommand 'touch PWNED #' && git remote add o ssh://a.example/b"),
  configured('git ls-remote', "git config remote.origin.url . && git config remote.origin.uploadpack 'touch PWNED;:'"),
  configured(
    'git fetch o',
    "git config remote.o.vcs evil; git config remote.o.url 'ext::sh -c touch% PWNED'; git config --unset remote.o.vcs; git config protocol.ext.allow always",
  ),
  configured(
    'git show HEAD~9',
    "git config core.repositoryformatversion 1; git config extensions.partialClone o; git config remote.o.url . ; git config remote.o.promisor true; git config remote.o.uploadpack 'touch PWNED;:'; rm -f .git/objects/$(git rev-parse HEAD:notes.txt | sed 's,..,&/,'); git config alias.a b",
    { command: 'git show HEAD:notes.txt' },
  ),
  configured(
    'git status',
    "git init -q sub && git -C sub commit -q --allow-empty -m x && git submodule --quiet add ./sub sub && git -C sub config core.fsmonitor 'touch ../PWNED;:'",
  ),
  configured(
    'git diff',
    "git init -q sub && git -C sub commit -q --allow-empty -m x && git submodule --quiet add ./sub sub && git -C sub config core.fsmonitor 'touch ../PWNED;:'",
  ),
  configured(
    'git diff --submodule=diff',
    "git init -q sub && git -C sub commit -q --allow-empty -m x && git submodule --quiet add ./sub sub && git -C sub config core.fsmonitor 'touch ../PWNED;:'",
  ),
]);

/** Its last commit carries a signature, of whatever kind. */
function signed(): string {
  return "git cat-file commit HEAD | sed '/^committer/a gpgsig -----BEGIN PGP SIGNATURE-----\\n \\n x\\n -----END PGP SIGNATURE-----' > evil.c && git reset -q --soft $(git hash-object -t commit -w evil.c)";
}

const bare =
  "mkdir -p docs/objects docs/refs && printf 'ref: refs/heads/main\\n' > docs/HEAD && printf '[core]\\nrepositoryformatversion=0\\nbare=false\\nworktree=.\\nfsmonitor=\"touch ../PWNED;:\"\\n' > docs/config";

attackSuite('repositories inside of the workspace', [
  configured('cd docs && git status', bare),
  configured('git -C docs status', bare),
  configured('git -C docs/ log; git -C docs status', bare),
  configured('git --git-dir docs status', bare),
  configured(
    'cd src && git status',
    "rm -rf .git && git init -q --bare src && git -C src config core.bare false && git -C src config core.worktree . && git -C src config core.fsmonitor 'touch ../PWNED;:'",
  ),
  configured(
    'git status',
    "mv .git x && mv x/* . 2>/dev/null; rm -rf x; git config -f config core.bare false; git config -f config core.worktree .; git config -f config core.fsmonitor 'touch PWNED;:'",
  ),
  configured(
    'git status',
    "mv .git evil.git && echo 'gitdir: evil.git' > .git && git config core.fsmonitor 'touch PWNED;:'",
  ),
  configured(
    'git status',
    "mv .git ../outside/x.git && echo 'gitdir: ../outside/x.git' > .git && git config core.fsmonitor 'touch PWNED;:'",
  ),
  configured('git status', "mv .git evil.git && ln -s evil.git .git && git config core.fsmonitor 'touch PWNED;:'"),
  configured(
    'git diff',
    "mkdir evil.wt && mv .git/config evil.wt/c && ln -s ../evil.wt/c .git/config && git config core.fsmonitor 'touch PWNED;:'",
  ),
  configured(
    'git status',
    "mkdir -p .git/x && cp .git/HEAD .git/index .git/x && printf '../' > .git/x/commondir && printf '%s/.git\\n' \"$PWD\" > .git/x/gitdir && echo 'gitdir: .git2/x' > .gitx && git config core.fsmonitor 'touch PWNED;:'",
  ),
]);

const filtered =
  "git config filter.x.clean 'touch PWNED;cat' && echo '*.md filter=x' > .gitattributes && rm -f PWNED && touch -d 2001-01-01 README.md";

attackSuite('folders that only look like the repository that git obeys', [
  configured('cd sub && git diff', `mkdir -p sub/.git && ${filtered}`),
  configured('git -C sub status', `mkdir -p sub/.git/objects sub/.git/refs && ${filtered}`),
  configured('git -C sub status', `git init -q sub && echo x > sub/.git/HEAD && ${filtered}`),
  configured('git -C sub status', `git init -q sub && rmdir sub/.git/refs/* sub/.git/refs && ${filtered}`),
  configured(
    'git status',
    `rm -rf .git && cd .. && git init -q --template= && git add ws/README.md && git commit -qm p && cd ws && ${filtered.replace('git config', 'git -C .. config')} && mkdir .git`,
  ),
  configured(
    'git -C bare status',
    "mkdir bare && cp .git/HEAD bare/ && printf '%s' ../.git > bare/commondir && git config core.fsmonitor 'touch ../PWNED; touch PWNED;:'",
    { harm: { kind: 'unproven', because: 'git looks for a work tree there' } },
  ),
  configured(
    'git status',
    "rm -rf .git && git init -q --template= --object-format=sha256 && git init -q --template= --object-format=sha256 sub && echo x > sub/f.txt && echo '*.txt filter=x' > sub/.gitattributes && git -C sub add . && git -C sub commit -qm i && git -C sub config filter.x.clean 'touch ../PWNED;cat' && git add sub README.md 2>/dev/null && git commit -qm o && rm -f PWNED && touch sub/f.txt",
  ),
]);

attackSuite('hooks of git', [
  runs('git commit -qam x', { prepare: 'mkdir -p .git/hooks && cp evil.sh .git/hooks/pre-commit' }),
  runs('git checkout -q HEAD~1', {
    prepare: 'git checkout -q notes.txt; mkdir -p .git/hooks && cp evil.sh .git/hooks/post-checkout',
  }),
  runs('git merge -q HEAD~1; git commit -q --allow-empty -m x', {
    prepare: 'mkdir -p .git/hooks && cp evil.sh .git/hooks/post-commit',
  }),
  runs('git stash -q', { prepare: 'mkdir -p .git/hooks && cp evil.sh .git/hooks/reference-transaction' }),
  runs('git push -q . HEAD:refs/heads/x', { prepare: 'mkdir -p .git/hooks && cp evil.sh .git/hooks/pre-push' }),
  runs('git gc --auto -q; git rebase -q HEAD~1 --force-rebase', {
    prepare: 'git checkout -q notes.txt; mkdir -p .git/hooks && cp evil.sh .git/hooks/pre-rebase',
  }),
  configured(
    'git status',
    'mkdir -p .git/hooks && cp evil.sh .git/hooks/post-index-change && touch -d 2001-01-01 README.md',
  ),
  configured(
    'git diff',
    'mkdir -p .git/hooks && cp evil.sh .git/hooks/post-index-change && touch -d 2001-01-01 README.md',
    { command: 'git status' },
  ),
  configured(
    'git status',
    'git config core.hooksPath hooks && mkdir hooks && cp evil.sh hooks/post-index-change && touch -d 2001-01-01 README.md',
  ),
  changes('.git/hooks/pre-commit', 'mkdir -p .git/hooks && cp evil.sh .git/hooks/pre-commit'),
]);

attackSuite('secrets in the history', [
  leaks('git show HEAD~2:.env'),
  leaks('git show HEAD~2', { defusable: true }),
  leaks('git show HEAD~1', { defusable: true }),
  leaks('git log -p', { defusable: true }),
  leaks('git log -p -- .env'),
  leaks('git log -u', { defusable: true }),
  leaks('git log --patch', { defusable: true }),
  leaks('git log -L1,1:.env HEAD~2'),
  leaks('git log --cc -p -3', { defusable: true }),
  leaks('git log -G. -p', { defusable: true }),
  leaks('git log -c -p', { defusable: true }),
  leaks('git log --patch-with-stat', { defusable: true }),
  leaks('git whatchanged -p', { defusable: true }),
  leaks('git diff HEAD~1 HEAD~2', { defusable: true }),
  leaks('git diff HEAD~2', { defusable: true }),
  leaks('git diff HEAD~2..HEAD', { defusable: true }),
  leaks('git diff HEAD~2 -- .env'),
  leaks('git diff-tree -p HEAD~1'),
  leaks('git grep KEY HEAD~2', { defusable: true }),
  leaks('git grep -h . HEAD~2 -- .env'),
  leaks('git cat-file -p HEAD~2:.env'),
  leaks('git cat-file blob HEAD~2:.env'),
  leaks('git blame HEAD~2 -- .env'),
  leaks('git annotate .env HEAD~2'),
  leaks('git archive HEAD~2'),
  leaks('git format-patch --stdout HEAD~2'),
  leaks('git fast-export HEAD'),
  leaks('git stash show -p', { prepare: 'git add -f .env && git stash -q', defusable: true }),
  leaks('git diff', { prepare: 'git add -f .env && git commit -qm x && echo more >> .env' }),
  leaks('git diff --cached', { prepare: 'git add -f .env' }),
  leaks('git diff --staged', { prepare: 'git add -f .env' }),
  leaks('git show', { prepare: 'git add -f .env && git commit -qm x' }),
  leaks('git show :.env', { prepare: 'git add -f .env' }),
  leaks('git show HEAD', { prepare: 'git add -f server.pem && git commit -qm x' }),
  leaks('git diff --word-diff', { prepare: 'git add -f .env && git commit -qm x && echo more >> .env' }),
  leaks('git grep canary', { prepare: 'git add -f .env' }),
  leaks('git grep KEY', { prepare: 'git add -f .env' }),
]);
