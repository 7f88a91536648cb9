import { hangs, leaks, runs, unproven } from '../support/attack';
import { attackSuite } from '../support/attackBench';

const deep = 200;
const veryDeep = 20_000;

attackSuite('bombs', [
  hangs('echo {1..99999999}'),
  hangs('ls {1..9999}{1..9999}'),
  hangs(
    'cat README.md {a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}',
  ),
  hangs('while :; do :; done'),
  hangs('cat /dev/zero > /dev/null'),
  hangs('head -c 99999999999999 /dev/zero > /dev/null'),
  hangs('cat pipe', { prepare: 'mkfifo pipe' }),
  hangs('rg x pipe', { prepare: 'mkfifo pipe' }),
  hangs('yes > /dev/null'),
  hangs('wc -c /dev/urandom'),
  runs(`${'( '.repeat(deep)}touch PWNED${' )'.repeat(deep)}`),
  runs(`echo ${'$('.repeat(50)}touch PWNED${')'.repeat(50)}`),
  runs(`echo ${'"$('.repeat(50)}touch PWNED${')"'.repeat(50)}`),
  runs(`ls ${'README.md '.repeat(5_000)}; touch PWNED`),
  runs(`ls ${' '.repeat(50_000)};touch PWNED`),
  runs(`${'ls;'.repeat(200)}touch PWNED`),
  runs(`ls${'\n'.repeat(20_000)}touch PWNED`),
  unproven('bash itself gives up', `${'('.repeat(veryDeep)}touch PWNED${')'.repeat(veryDeep)}`),
  unproven('bash itself gives up', `echo ${'$('.repeat(veryDeep)}touch PWNED${')'.repeat(veryDeep)}`),
  unproven('bash itself gives up', `echo ${'${x:-'.repeat(veryDeep)}x${'}'.repeat(veryDeep)}; touch PWNED`),
  unproven('bash itself gives up', `echo $((${'('.repeat(veryDeep)}1${')'.repeat(veryDeep)}))`),
  unproven('it starts too much to be tried', ':(){ :|:& };:'),
  unproven('never ends its quotes', `echo ${'"\''.repeat(2_000)}; touch PWNED`),
]);

attackSuite('characters that are not what they seem', [
  runs('ls\n\ttouch PWNED'),
  runs('ls \r\n touch PWNED'),
  runs('ls #\u2028\ntouch PWNED'),
  runs('ls \u00a0; touch PWNED'),
  runs('ls # \u202etsil a ylno\ntouch PWNED'),
  runs('ls \u2066# \u2069\ntouch PWNED'),
  runs('ls #\u200b\u200b\ntouch PWNED'),
  runs('touch \u200bPWNED'.replace('\u200b', '')),
  runs('ls \ufeff\ntouch PWNED'),
  runs('ls #\u0085\ntouch PWNED'),
  runs('ls #\v\f\ntouch PWNED'),
  runs('ls \b\b\b;touch PWNED'),
  runs('ls \u001b[2K\u001b[1G;touch PWNED'),
  runs(`ls ${' '.repeat(500)}${'\n'.repeat(100)}touch PWNED`),
  runs('ls "\u201d"; touch PWNED; ls "\u201c"'),
  leaks('cat .env\u200b .env'),
  leaks("cat $'\\u002eenv'"),
  unproven('no bash can be started with it', 'ls\0; touch PWNED'),
  unproven('no bash can be started with it', 'git status\0'),
  unproven('bash takes it as a part of the name', 'ls\u2003README.md'),
  unproven('bash takes it as a part of the name', 'ls\u3000README.md'),
  unproven('bash takes it as a part of the name', 'ls\u2028touch PWNED'),
  unproven('bash takes it as a part of the name', 'ls；touch PWNED'),
  unproven('bash takes it as a part of the name', 'ls\u037e touch PWNED'),
  unproven('shows something else than it does', 'git status \u202e#txt.exe'),
  unproven('shows something else than it does', 'git log \u2067--output=x\u2069'),
  unproven('half a character', 'ls \ud800'),
]);
