import { runs, unproven } from '../support/attack';
import { attackSuite } from '../support/attackBench';

const here = (program: string) => ({
  files: { [program]: '#!/bin/sh\n: > PWNED\n' },
  prepare: `chmod +x ${program}`,
  defusable: true,
});

attackSuite('what a shell or a program reads at its start', [
  runs('bash -i -c ls', { prepare: 'echo "touch PWNED" >> "$HOME/.bashrc"' }),
  runs('bash -lc ls', { prepare: 'echo "touch PWNED" >> "$HOME/.bash_profile"' }),
  runs('bash --login -c pwd', { prepare: 'echo "touch PWNED" >> "$HOME/.profile"' }),
  runs('bash --init-file evil.sh -ic pwd'),
  runs('ENV=evil.sh sh -ic pwd'),
  runs('ls', { env: { BASH_ENV: 'evil.sh' }, defusable: true }),
  runs('git status', { env: { BASH_ENV: './evil.sh' }, defusable: true }),
  runs('pwd', { env: { BASH_ENV: '$PWD/evil.sh' }, defusable: true }),
  runs('pwd', { env: { BASH_ENV: '$(touch PWNED)' }, defusable: true }),
  unproven('a function of the user, that is meant to run', 'ls', {
    env: { 'BASH_FUNC_ls%%': '() { touch PWNED; }' },
    defusable: true,
  }),
]);

attackSuite('programs of the workspace under a search path that leads there', [
  runs('ls', { env: { PATH: '.:/usr/bin:/bin' }, ...here('ls') }),
  runs('git status', { env: { PATH: '.:/usr/bin:/bin' }, ...here('git') }),
  runs('rg one', { env: { PATH: '.:/usr/bin:/bin' }, ...here('rg') }),
  runs('cat README.md', { env: { PATH: ':/usr/bin:/bin' }, ...here('cat') }),
  runs('head README.md', { env: { PATH: '/nowhere::/usr/bin:/bin' }, ...here('head') }),
  runs('wc README.md', { env: { PATH: 'evilbin:/usr/bin:/bin' }, ...here('evilbin/wc') }),
  runs('ls', { env: { PATH: './evilbin/:/usr/bin:/bin' }, ...here('evilbin/x') }),
  runs('ls', { env: { PATH: '../ws/evilbin:/usr/bin:/bin' }, ...here('evilbin/x') }),
  runs('cd evilbin && ls && mv PWNED ..', { env: { PATH: '.:/usr/bin:/bin' } }),
  runs('node --version', { env: { PATH: 'node_modules/.bin:/usr/bin:/bin' }, ...here('node_modules/.bin/node') }),
  runs('nosuch --version', { env: { PATH: '/usr/bin:/bin:.' }, ...here('nosuch') }),
  runs('git --version', { env: { PATH: '{ws}/evilbin:/usr/bin:/bin' }, defusable: true }),
]);
