import { leaks, runs, unproven } from '../support/attack';
import { attackSuite } from '../support/attackBench';

/** The blob of the secret file: named by its hash it has no path that could be judged. */
const blob = 'bffc3d6ae8a46ee9e5f104f49a3cc8142b62bfd5';
const short = blob.slice(0, 8);
/** The same in a repository with longer numbers. */
const longBlob = '303a57708f580f84e6908f6fa173f2b6a17c6191c41aed2cbdc022081240bb5b';
const sha256 =
  'rm -rf .git && git init -q --template= --object-format=sha256 && git add -f .env README.md && git commit -qm a && git rm -q --cached .env && git commit -qm b';
const nested = 'mkdir -p src && cp .env src/.env && git add -f src/.env && git commit -qm nested';

/** All that is there is in the history, and files with keys are not tracked any more. */
const removed =
  "git add -f . && git commit -qm x && git ls-files -i -c -z -x '*.json' -x '*.[pP][eE][mM]' -x '.env' -x 'x' | grep -zv package | xargs -0 git rm -q && git commit -qm y";

/** What git hides by attributes may be asked for in another way. */
attackSuite('secrets in the history that git is asked for in other words', [
  leaks(`git show ${blob}`),
  leaks(`git show ${blob.slice(0, 8)}`),
  leaks(`git show HEAD ${blob}`),
  leaks(`git cat-file -p ${blob}`),
  leaks(`git diff ${blob} HEAD:README.md`),
  leaks(`git diff HEAD:README.md ${blob}`),
  leaks(`git log -p; git show ${blob}`),
  leaks('git show t', { prepare: `git tag t ${blob}` }),
  leaks('git show v1', { prepare: `git tag -a -m x v1 ${blob}` }),
  leaks('git show x', { prepare: `git update-ref refs/x ${blob} && git update-ref refs/heads/y HEAD` }),
  leaks('git show t', { prepare: `git tag t ${blob} && git pack-refs --all` }),
  leaks('git show --tags', { prepare: `git tag t ${blob}` }),
  leaks('git show --all', { prepare: `git tag t ${blob}` }),
  leaks(`git show '${blob}^{}'`),
  leaks(`git show '${short}^{blob}'`),
  leaks(`git show x-g${short}`),
  leaks(`git show ${short}`, { prepare: `git commit -q --allow-empty -m 'Fix ${short}'` }),
  leaks(`git show ${longBlob}`, { prepare: sha256 }),
  leaks("git for-each-ref --format='%(raw)'", { prepare: `git tag t ${blob}` }),
  leaks("git tag -l --format='%(raw)'", { prepare: `git tag t ${blob}` }),
  leaks("git tag -l --format='%(*raw)'", { prepare: `git tag -a -m x t ${blob}` }),
  leaks('git diff HEAD~1:server.pem..HEAD:README.md', {
    prepare: 'git add -f server.pem && git commit -qm x && git rm -q --cached server.pem && git commit -qm y',
  }),
  leaks('git diff HEAD~1:.docker HEAD:.docker', {
    prepare:
      'mkdir .docker && cp .env .docker/config.json && echo x > .docker/x && git add -f .docker && git commit -qm x && git rm -q --cached .docker/config.json && git commit -qm y',
  }),
  leaks('git show "HEAD~2^{tree}:.env"'),
  leaks('git show HEAD~2:./.env'),
  leaks('git show :0:.env', { prepare: 'git add -f .env' }),
  leaks('git show main~2:.env'),
  leaks("git show 'main@{0}~2:.env'"),
  leaks('git diff HEAD~2:.env HEAD:README.md'),
  leaks('git log -p --text', { defusable: true }),
  leaks('git log -p -a', { defusable: true }),
  leaks('git log -pa', { defusable: true }),
  leaks('git show -a HEAD~1', { defusable: true }),
  leaks('git show --text HEAD~2', { defusable: true }),
  leaks('git diff --text HEAD~2', { defusable: true }),
  leaks('git diff -a HEAD~2', { defusable: true }),
  leaks('git diff -a HEAD~2 HEAD~1', { defusable: true }),
  leaks('git grep -a KEY HEAD~2', { defusable: true }),
  leaks('git grep --text KEY HEAD~2', { defusable: true }),
  leaks('git grep KEY', { prepare: 'git add -f .env', defusable: true }),
  leaks('git log -p --word-diff', { defusable: true }),
  leaks('git log -p --color-words', { defusable: true }),
  leaks('git log -p --all', { defusable: true }),
  leaks('git log -p -S canary', { defusable: true }),
  leaks('git reflog -p', { defusable: true }),
  leaks('git stash list -p', { prepare: 'git add -f .env && git stash -q', defusable: true }),
  leaks('git log -p', { prepare: `${nested} && echo '.env diff' > src/.gitattributes`, defusable: true }),
  leaks('git show', { prepare: `${nested} && echo '* diff' > src/.gitattributes`, defusable: true }),
  leaks('git show', { prepare: `${nested} && echo '.e* !diff' > src/.gitattributes`, defusable: true }),
  leaks('git show', { prepare: `${nested} && echo '.env text diff=cpp' > .gitattributes`, defusable: true }),
  leaks('git show', { prepare: `${nested} && printf '[attr]x diff\\n* x\\n' > .gitattributes`, defusable: true }),
  leaks('git show', {
    prepare: `${nested} && mkdir -p .git/info && echo '* diff' > .git/info/attributes`,
    defusable: true,
  }),
  leaks('git show', { prepare: `${nested} && echo '* diff' > a && git config core.attributesFile a`, defusable: true }),
  leaks('git show', { prepare: `${nested} && echo '* diff' > a && ln -s ../a src/.gitattributes`, defusable: true }),
  leaks('git diff', {
    prepare: `${nested} && echo x >> src/.env && echo '* diff' > src/.gitattributes`,
    defusable: true,
  }),
  leaks('git show', {
    prepare: "mkdir -p .ENV.d '.env ' && cp .env '.env /x' && cp .env .env.local && git add -f . && git commit -qm x",
    defusable: true,
  }),
  leaks('git log -p -1', {
    prepare: 'mkdir d && cp server.pem d/SERVER.PEM && git add -f d && git commit -qm x',
    defusable: true,
  }),
  leaks('git log -p', {
    prepare: `echo '*.json diff' > .gitattributes && cp .env secrets.json && ${removed}`,
    defusable: true,
  }),
  leaks('git log -p', { prepare: `cp .env Secrets.json && ${removed}`, defusable: true }),
  leaks('git grep canary HEAD~1', { prepare: `cp .env sub.PEM && ${removed}`, defusable: true }),
  leaks('git log -p', { prepare: `mkdir .AWS && cp .env .AWS/x && ${removed}`, defusable: true }),
  leaks('git log -p', {
    prepare: `mkdir sub && cp .env sub/.env && ${removed} && mkdir -p sub && echo '.env diff' > sub/.gitattributes`,
    defusable: true,
  }),
  leaks('git log -p', {
    prepare: `echo '* diff' > .gitattributes && cp .env x.pem && ${removed} && rm .gitattributes`,
    defusable: true,
  }),
  leaks('git -C wt log -p', {
    prepare:
      "git worktree add -q wt && echo '* diff' > .git/info-attributes && mkdir -p .git/info && mv .git/info-attributes .git/info/attributes",
    defusable: true,
  }),
  unproven('newer than the git here', 'git --attr-source=HEAD~2 log -p'),
  runs('git log --output=PWNED -p'),
]);
