import { leaks, runs, unproven } from '../support/attack';
import { attackSuite } from '../support/attackBench';

const evilConfig = { files: { 'evil.gitconfig': '[core]\n\tfsmonitor = touch PWNED;:\n' } };

attackSuite('environment prefixes', [
  runs("GIT_EXTERNAL_DIFF='touch PWNED #' git diff"),
  runs("GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.fsmonitor GIT_CONFIG_VALUE_0='touch PWNED;:' git status"),
  runs('GIT_CONFIG_PARAMETERS="\'core.fsmonitor=touch PWNED;:\'" git status'),
  runs('GIT_CONFIG_GLOBAL=evil.gitconfig git status', evilConfig),
  runs('GIT_CONFIG_SYSTEM=evil.gitconfig GIT_CONFIG_NOSYSTEM=0 git status', evilConfig),
  runs('HOME=$PWD/src git status', { files: { 'src/.gitconfig': '[core]\n\tfsmonitor = touch PWNED;:\n' } }),
  runs('XDG_CONFIG_HOME=$PWD git status', {
    files: { 'git/config': '[core]\n\tfsmonitor = touch PWNED;:\n' },
    prepare: 'rm "$HOME/.gitconfig"',
  }),
  runs('GIT_TRACE=$PWD/PWNED git status'),
  runs('GIT_TRACE2_EVENT=$PWD/PWNED git log'),
  runs("GIT_SSH_COMMAND='touch PWNED #' git ls-remote ssh://a.example/b"),
  runs('GIT_SSH=./evil.sh git ls-remote ssh://a.example/b'),
  runs('GIT_PROXY_COMMAND=./evil.sh git ls-remote git://a.example/b'),
  runs('GIT_EXEC_PATH=$PWD/evilbin git foo', { prepare: 'cp evil.sh evilbin/git-foo' }),
  runs('GIT_DIR=evil.git GIT_WORK_TREE=. git status', {
    prepare: "cp -r .git evil.git && git config -f evil.git/config core.fsmonitor 'touch PWNED;:'",
  }),
  runs("TAR_OPTIONS='--checkpoint=1 --checkpoint-action=exec=touch\\ PWNED' tar cf /dev/null ."),
  runs('RIPGREP_CONFIG_PATH=rc rg one', { files: { rc: '--pre=./evil.sh\n' } }),
  runs('BASH_ENV=evil.sh bash -c :'),
  unproven(
    'bash takes no PS4 from the environment when it runs as root',
    "env SHELLOPTS=xtrace PS4='$(touch PWNED)' bash -c ls",
  ),
  runs("env 'BASH_FUNC_ls%%=() { touch PWNED; }' bash -c ls"),
  runs('ls() { touch PWNED; }; export -f ls; bash -c ls'),
  runs("NODE_OPTIONS='--require ./evil.js' node -p 1"),
  runs("PERL5OPT='-Mevil' PERL5LIB=. perl -e 1", { files: { 'evil.pm': 'system("touch PWNED"); 1;' } }),
  runs("LESSOPEN='||touch PWNED; cat %s' less README.md"),
  runs('PATH=evilbin:/usr/bin:/bin ls'),
  runs('LD_PRELOAD=./evil.so ls', {
    prepare:
      'printf \'#include <fcntl.h>\\n__attribute__((constructor)) void f(void){creat("PWNED",0600);}\\n\' > evil.c; cc -shared -fPIC -o evil.so evil.c',
  }),
  runs('LD_LIBRARY_PATH=. LD_AUDIT=./evil.so ls', {
    prepare:
      'printf \'#include <fcntl.h>\\n__attribute__((constructor)) void f(void){creat("PWNED",0600);}\\nunsigned la_version(unsigned v){return v;}\\n\' > evil.c; cc -shared -fPIC -o evil.so evil.c',
  }),
  runs('x=1 y=2 touch PWNED'),
  runs('x=$(touch PWNED) ls'),
  runs('x=(`touch PWNED`)'),
  runs('x+=$(touch PWNED)'),
  unproven('a pager needs a terminal', "GIT_PAGER='touch PWNED;cat' git log"),
  unproven('a pager needs a terminal', "PAGER='touch PWNED;cat' git log"),
  unproven('needs the pages of a manual', "MANPAGER='touch PWNED;cat' man ls"),
]);

attackSuite('secrets of the environment', [
  leaks('env'),
  leaks('printenv'),
  leaks('printenv DATABASE_URL'),
  leaks('export -p'),
  leaks('declare -p'),
  leaks('set'),
  leaks('compgen -v DATABASE_ && echo ${!DATABASE_@}; set | grep DATA'),
  leaks('cat /proc/self/environ'),
  leaks('head -c 99999 /proc/self/environ'),
  leaks('strings /proc/$$/environ'),
  leaks('ps aeww | cat; ps eww $$'),
  leaks("jq -n 'env'"),
  leaks("jq -n '$ENV.DATABASE_URL'"),
  leaks('awk \'BEGIN{print ENVIRON["DATABASE_URL"]}\''),
  leaks('rg -a postgres /proc/self/environ'),
  leaks('git var -l; git config --get-regexp . ; env'),
]);
